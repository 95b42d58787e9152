import {FormatError} from '@/lib/core/errors'
import type {TensorArchive} from './archive'
import {isFileSet} from './fileSet'
import {loneShard} from './sharded/shardNames'
import type {ByteSource} from './source'
import {openZip} from './zip'

/** Readers come when a file asks for them: of a dozen formats, one visit meets two or three. */
export const readers = {
  csv: () => import('./text/csv'),
  fileSet: () => import('./sharded/openFileSet'),
  gguf: () => import('./gguf/gguf'),
  json: () => import('./sharded/openJson'),
  npy: () => import('./numpy/npy'),
  npz: () => import('./numpy/npz'),
  onnx: () => import('./onnx/onnx'),
  plainPickle: () => import('./torch/plainPickle'),
  safetensors: () => import('./safetensors'),
  torchLegacy: () => import('./torch/torchLegacy'),
  torchZip: () => import('./torch/torchZip')
}

const readable = 'a PyTorch, safetensors, NumPy, GGUF, ONNX or TensorFlow.js file, or a table in JSON or CSV, is needed'

/**
 * Opens any file of tensors we read, by what its bytes say and not by its name: PyTorch zip and legacy, TorchScript,
 * safetensors, GGUF, ONNX, .npy, .npz, a plain pickle, tables in JSON and CSV; and a set of files that are one
 * checkpoint
 * (an index and its shards, a TensorFlow.js model). Nothing of the tensors' values is read, except where they are text.
 * Throws FormatError with a sentence to show.
 */
export async function openArchive(source: ByteSource): Promise<TensorArchive> {
  try {
    if (!isFileSet(source)) return await openAlone(source)
    const {openFileSet} = await readers.fileSet()
    return await openFileSet(source, openFile)
  } catch (error) {
    // Too much for the stack or for memory: the limits below should have refused it first, yet it is the file's doing.
    if (!(error instanceof RangeError)) throw error
    throw new FormatError(`${source.name}: asks for more memory than there is; the file is damaged`)
  }
}

/** One file, and a word where its name says that it is one of several. */
async function openAlone(source: ByteSource): Promise<TensorArchive> {
  const archive = await openFile(source)
  const note = loneShard(source.name)
  return note ? {...archive, findings: [note, ...archive.findings]} : archive
}

async function openFile(source: ByteSource): Promise<TensorArchive> {
  const head = await source.read(0, Math.min(512, source.size))
  const start = latin(head)
  refuseOthers(source, start)
  if (start.startsWith('PK')) return openAnyZip(source)
  if (start.startsWith('\x93NUMPY')) return (await readers.npy()).openNpy(source)
  if (start.startsWith('GGUF')) return (await readers.gguf()).openGguf(source)
  if (isLegacy(start)) return (await readers.torchLegacy()).openTorchLegacy(source)
  if (isSafetensors(head)) return (await readers.safetensors()).openSafetensors(source)
  // Whether it is one its reader alone can tell, which nothing else should have to fetch.
  const {isOnnx, openOnnx} = await readers.onnx()
  if (isOnnx(head)) return openOnnx(source)
  if (/^[[{]/.test(start.trimStart())) return (await readers.json()).openJson(source, source, [], openFile)
  const {isCsv, openCsv} = await readers.csv()
  if (isCsv(head, head.length === source.size)) return openCsv(source)
  if (await isPickle(source, start)) return (await readers.plainPickle()).openPlainPickle(source)
  throw notTensors(`${source.name}: starts with ${shown(start)}, which is no format we know; ${readable}`)
}

async function openAnyZip(source: ByteSource): Promise<TensorArchive> {
  const zip = await openZip(source)
  const {openTorchZip, torchFolder} = await readers.torchZip()
  const folder = torchFolder(zip)
  if (folder !== null) return openTorchZip(source, zip, folder)
  if ([...zip.entries.keys()].some((name) => name.endsWith('.npy'))) return (await readers.npz()).openNpz(source, zip)
  const [first = 'nothing'] = zip.entries.keys()
  throw notTensors(
    `${source.name}: a zip of ${zip.entries.size} files (${first.slice(0, 60)}…) without data.pkl or .npy; ${readable}`
  )
}

// What people open by mistake, and what to do about each: first bytes in lower case, and a sentence's end.
const others: readonly (readonly [signature: string, what: string])[] = [
  ['version https://git-lfs', 'a Git LFS pointer, not the file it points to; fetch it with git lfs pull'],
  ['<!doctype', 'a web page, not a checkpoint; the download may have asked for a login'],
  ['<html', 'a web page, not a checkpoint; the download may have asked for a login'],
  ['\x1f\x8b', 'packed by gzip; unpack it first'],
  ['\xfd7zxz', 'packed by xz; unpack it first'],
  ['7z\xbc\xaf', 'packed by 7-Zip; unpack it first'],
  ['(\xb5\x2f\xfd', 'packed by zstd; unpack it first'],
  ['\x89hdf', `an HDF5 file; ${readable}`]
]

function refuseOthers(source: ByteSource, start: string): void {
  if (source.size === 0) throw new FormatError(`${source.name}: the file is empty; ${readable}`)
  const lower = start.trimStart().toLowerCase()
  const [, what] = others.find(([signature]) => lower.startsWith(signature)) ?? []
  if (what) throw notTensors(`${source.name}: this is ${what}`)
  if (start.startsWith('ustar', 257)) throw notTensors(`${source.name}: this is ${tarKind(start)}`)
}

// torch.save wrote a tar of these members until 0.1.10.
function tarKind(start: string): string {
  const member = start.slice(0, start.indexOf('\0'))
  return ['sys_info', 'pickle', 'tensors', 'storages'].includes(member)
    ? 'a PyTorch file from before 0.1.10; load it with PyTorch and save it again'
    : `a tar archive; unpack it first, since ${readable}`
}

function notTensors(message: string): FormatError {
  return new FormatError(message, {title: 'Not a file of tensors'})
}

// The legacy magic number, little-endian as protocols 2 and up write it, or in decimal as 0 and 1 do.
function isLegacy(start: string): boolean {
  const found = start.indexOf('\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19')
  return (found > 0 && found < 32) || start.startsWith('L119547037146038801333356')
}

function isSafetensors(head: Uint8Array): boolean {
  return head.length > 8 && head[8] === 0x7b && head[7] === 0 && head[6] === 0
}

// A pickle says so in its first byte since protocol 2. Older ones only begin with a likely opcode and end with STOP.
async function isPickle(source: ByteSource, start: string): Promise<boolean> {
  if (start[0] === '\x80') return start.charCodeAt(1) <= 5
  if (!/^[(cdl\]}]/.test(start)) return false
  const [last] = await source.read(source.size - 1, 1)
  return last === 0x2e
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

function shown(start: string): string {
  return JSON.stringify(start.slice(0, 8))
}
