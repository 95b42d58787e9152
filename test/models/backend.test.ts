import {describe, expect, it} from 'vitest'
import {describeAdapter} from '@/lib/models/adapter'
import {backendInForce, openBackend, watchBackend} from '@/lib/models/backend'

describe('the backend in force', () => {
  it('is none before one is opened', () => {
    expect(() => backendInForce()).toThrow('backend: none is open')
  })

  it('is WASM where there is no WebGPU, saying so', async () => {
    const report = await openBackend('auto')
    expect(report).toEqual({
      name: 'wasm',
      adapter: null,
      software: false,
      reason: 'WASM, because there is no WebGPU here'
    })
    expect(backendInForce().report).toBe(report)
  })

  it('falls back from a WebGPU that was asked for, saying so', async () => {
    expect(await openBackend('webgpu')).toMatchObject({name: 'wasm', reason: 'WASM, because there is no WebGPU here'})
  })

  it('is what was asked for', async () => {
    expect(await openBackend('cpu')).toMatchObject({name: 'cpu', reason: 'plain JavaScript, as asked'})
    expect(await openBackend('wasm')).toMatchObject({name: 'wasm', reason: 'WASM, as asked'})
  })

  it('stays when the same is asked for again', async () => {
    await openBackend('cpu')
    const before = backendInForce()
    await openBackend('cpu')
    expect(backendInForce()).toBe(before)
  })

  it('tells those who watch, until they stop', async () => {
    const seen: string[] = []
    const stop = watchBackend(({name}) => seen.push(name))
    await openBackend('wasm')
    stop()
    await openBackend('cpu')
    expect(seen).toEqual(['wasm'])
  })
})

describe('an adapter', () => {
  const adapter = (info: Partial<GPUAdapterInfo>, more = {}) => ({info, ...more}) as unknown as GPUAdapter

  it.each([
    [{vendor: 'google', architecture: 'swiftshader'}, 'google swiftshader', true],
    [{vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)'}, 'llvmpipe (LLVM 15.0.6, 256 bits)', true],
    [{vendor: 'microsoft', description: 'Microsoft Basic Render Driver'}, 'Microsoft Basic Render Driver', true],
    [{vendor: 'nvidia', architecture: 'ampere'}, 'nvidia ampere', false],
    [{vendor: 'apple', architecture: 'metal-3'}, 'apple metal-3', false],
    [{vendor: 'intel', architecture: 'gen-12lp', isFallbackAdapter: true}, 'intel gen-12lp', true],
    [{}, 'unnamed adapter', false]
  ])('%o is called %s', (info, name, software) => {
    expect(describeAdapter(adapter(info))).toEqual({name, software})
  })

  it('of an older browser says on itself that it is a fallback', () => {
    expect(describeAdapter(adapter({}, {isFallbackAdapter: true})).software).toBe(true)
    expect(describeAdapter({} as GPUAdapter)).toEqual({name: 'unnamed adapter', software: false})
  })
})
