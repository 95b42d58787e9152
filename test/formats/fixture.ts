import {readdirSync, readFileSync, statSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import type {FileValue} from '@/lib/formats/archive'
import {fileSet} from '@/lib/formats/fileSet'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {type ExpectedFile, spelledNumber} from './expectedFile'

const folder = new URL('../fixtures/formats/', import.meta.url)

const told = (name: string): Record<string, ExpectedFile> => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))

/** What the libraries that wrote the fixtures read out of them; a folder's name stands for its files together. */
export const expected: Readonly<Record<string, ExpectedFile>> = {
  ...told('expected.json'),
  ...told('expected_more.json')
}

/** Those that are one file. */
export const singles = Object.keys(expected).filter((name) => statSync(new URL(name, folder)).isFile())

export function fixturePath(name: string): string {
  return fileURLToPath(new URL(name, folder))
}

export function fixtureBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(fixturePath(name)))
}

export function fixture(name: string): ByteSource {
  if (!singles.includes(name)) {
    return fileSet(
      readdirSync(new URL(name, folder)).map((part) => memorySource(fixtureBytes(`${name}/${part}`), part))
    )
  }
  return memorySource(fixtureBytes(name), name)
}

/** A source that counts what it is asked for. */
export function counted(source: ByteSource): ByteSource & {readonly bytes: number; readonly reads: number} {
  let bytes = 0
  let reads = 0
  return {
    ...source,
    get bytes() {
      return bytes
    },
    get reads() {
      return reads
    },
    read(offset, length) {
      bytes += length
      reads++
      return source.read(offset, length)
    }
  }
}

/** A file's structure as expected.json spells it. */
export function encoded(value: FileValue): unknown {
  if (typeof value === 'bigint') return {$int: String(value)}
  if (typeof value === 'number') return spelledNumber(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return {$bytes: Buffer.from(value).toString('hex')}
  if (Array.isArray(value)) return value.map(encoded)
  if (value instanceof Map) return {$map: [...value].map(([key, part]) => [encoded(key), encoded(part)])}
  if (!('kind' in value)) throw new TypeError('no such value')
  if (value.kind === 'tensor') return {$tensor: value.name}
  return {$inert: value.global, state: encoded(value.state)}
}
