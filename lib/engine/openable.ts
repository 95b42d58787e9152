import {ReaderError, throwIfCancelled} from '@/lib/core/errors'
import {bytes} from '@/lib/core/number'
import {fileSet} from '@/lib/formats/fileSet'
import {joinedBytes} from '@/lib/formats/joinedBytes'
import {type ByteSource, blobSource, memorySource} from '@/lib/formats/source'
import type {Openable} from './protocol'
import {type FetchOptions, type Remotes, remotes} from './remotes'

/**
 * The bytes of something to open: a person's file is read in place, a file of this site is fetched whole, of one on
 * another server the parts that are needed. Throws ReaderError when the server does not give it.
 */
export async function sourceOf(
  openable: Openable,
  options: FetchOptions = {},
  far: Remotes = remotes()
): Promise<ByteSource> {
  if (openable.kind === 'file') return blobSource(openable.file, openable.file.name)
  if (openable.kind === 'set') return fileSet(openable.files.map((file) => blobSource(file, file.name)))
  if (openable.kind === 'remote') return far.open(openable.address, options)
  const {name, url} = openable
  return memorySource(await fetched(name, url, options), name)
}

/** What lies beside it under this name. Throws ReaderError when it has no neighbours. */
export function openableBeside(openable: Openable, name: string): Openable {
  if (openable.kind === 'address') return {kind: 'address', name, url: new URL(name, openable.url).href}
  if (openable.kind === 'remote') return {kind: 'remote', name, address: new URL(name, openable.address).href}
  const files = openable.kind === 'set' ? openable.files : []
  const file = files.find((candidate) => candidate.name === name)
  if (file) return {kind: 'file', file}
  throw new ReaderError('A file is missing', `Found no ${name} beside the encoder; needed both, opened together.`)
}

async function fetched(name: string, url: string, {signal, onProgress}: FetchOptions): Promise<Uint8Array> {
  const response = await reached(name, url, signal)
  const total = Number(response.headers.get('content-length') ?? 0)
  const parts: Uint8Array[] = []
  let done = 0
  try {
    for await (const part of partsOf(response.body)) {
      parts.push(part)
      done += part.length
      const size = Math.max(total, done)
      const text = `Fetching ${name}, ${bytes(done)} of ${bytes(size)}`
      onProgress?.({phase: 'opening', done, total: size, unit: 'bytes', text, partial: null})
    }
  } catch {
    throwIfCancelled(signal)
    throw broken(name, `the connection broke after ${bytes(done)}`)
  }
  return joinedBytes(parts)
}

async function reached(name: string, url: string, signal: AbortSignal | undefined): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, signal ? {signal} : {})
  } catch {
    throwIfCancelled(signal)
    throw broken(name, 'the server could not be reached')
  }
  if (!response.ok) throw broken(name, `the server answered ${response.status}`)
  return response
}

// Not every browser lets a stream be walked with for await.
async function* partsOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  while (reader) {
    const {done, value} = await reader.read()
    if (done) return
    yield value
  }
}

const broken = (name: string, found: string) =>
  new ReaderError('This file could not be fetched', `${name}: ${found}; needed the whole file.`)
