import {describe, expect, it} from 'vitest'
import {whyInstall} from '@/scripts/install.mjs'

const lock = {
  '': {version: '0.1.0'},
  'node_modules/d3': {version: '7.9.2', integrity: 'sha512-a'},
  'node_modules/next/node_modules/d3': {version: '6.0.0', integrity: 'sha512-b'},
  'node_modules/@next/swc-win32': {version: '16.4.5', integrity: 'sha512-c', optional: true}
}
const {'': _, 'node_modules/@next/swc-win32': __, ...installed} = lock

describe('whyInstall', () => {
  it('finds nothing to do when all but other platforms’ packages are there', () => {
    expect(whyInstall(lock, installed)).toBe(null)
  })

  it('installs into an empty checkout', () => {
    expect(whyInstall(lock, null)).toBe('nothing is installed yet')
  })

  it('names a package that is missing, also a nested one', () => {
    const {'node_modules/next/node_modules/d3': _, ...rest} = installed
    expect(whyInstall(lock, rest)).toBe('d3 is not installed')
  })

  it('names both versions when they differ', () => {
    const old = {...installed, 'node_modules/d3': {version: '7.9.1', integrity: 'sha512-z'}}
    expect(whyInstall(lock, old)).toBe('d3 is 7.9.1 where the lock says 7.9.2')
  })

  it('is not content with the right version of other content', () => {
    const tampered = {...installed, 'node_modules/d3': {version: '7.9.2', integrity: 'sha512-z'}}
    expect(whyInstall(lock, tampered)).not.toBe(null)
  })

  it('checks a package for this platform when it is there', () => {
    const old = {...installed, 'node_modules/@next/swc-win32': {version: '16.4.4', integrity: 'sha512-z'}}
    expect(whyInstall(lock, old)).toBe('@next/swc-win32 is 16.4.4 where the lock says 16.4.5')
  })

  it('names a package that the lock does not have', () => {
    expect(whyInstall(lock, {...installed, 'node_modules/left': {version: '1.0.0'}})).toBe('left is not in the lock')
  })
})
