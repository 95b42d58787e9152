import {describe, expect, it} from 'vitest'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {bytes, zipBytes} from './bytes'

const needed = 'a PyTorch, safetensors, NumPy, GGUF, ONNX or TensorFlow.js file, or a table in JSON or CSV, is needed'

describe('a file opened by mistake is told what it is', () => {
  it.each<[string, Uint8Array, string]>([
    ['empty', bytes(), `x.pt: the file is empty; ${needed}`],
    ['text', bytes('some words\nand more\n'), `x.pt: starts with "some wor", which is no format we know; ${needed}`],
    ['one byte', bytes('P'), `x.pt: starts with "P", which is no format we know; ${needed}`],
    [
      'a web page',
      bytes('\n<!DOCTYPE html><html>'),
      'x.pt: this is a web page, not a checkpoint; the download may have asked for a login'
    ],
    [
      'a Git LFS pointer',
      bytes('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n'),
      'x.pt: this is a Git LFS pointer, not the file it points to; fetch it with git lfs pull'
    ],
    ['gzip', bytes(0x1f, 0x8b, 8, 0), 'x.pt: this is packed by gzip; unpack it first'],
    ['HDF5', bytes('\x89HDF\r\n'), `x.pt: this is an HDF5 file; ${needed}`],
    [
      'a tar',
      bytes('a.txt', new Uint8Array(252), 'ustar'),
      `x.pt: this is a tar archive; unpack it first, since ${needed}`
    ],
    [
      'a zip of other things',
      zipBytes([{name: 'read.me', content: bytes()}]),
      `x.pt: a zip of 1 files (read.me…) without data.pkl or .npy; ${needed}`
    ],
    ['a zip of nothing', zipBytes([]), `x.pt: a zip of 0 files (nothing…) without data.pkl or .npy; ${needed}`]
  ])('%s', async (_, content, sentence) => {
    await expect(openArchive(memorySource(content, 'x.pt'))).rejects.toThrow(sentence)
  })
})
