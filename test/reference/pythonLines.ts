import {readFileSync} from 'node:fs'
import {tensorStatistics} from '@/lib/engine/tensorLook'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'

/** The fixtures whose every tensor has its line of Python checked. */
export const checkedFiles = [
  'state_dict.pt',
  'state_dict_legacy.pt',
  'checkpoint.pth',
  'dtypes.pt',
  'dtypes.safetensors',
  'views.pt',
  'converted.pt',
  'stored.npz',
  'compressed.npz',
  'f16.npy',
  'fortran.npy',
  'big_endian.npy',
  'zero_d.npy',
  'bool.npy'
]

export interface PythonLine {
  readonly file: string
  readonly name: string
  readonly line: string
  readonly prints: string
}

/** The line for every tensor of a fixture, and what we say that it prints. */
export async function linesOf(file: string): Promise<PythonLine[]> {
  const archive = await openArchive(memorySource(new Uint8Array(readFileSync(`test/fixtures/formats/${file}`)), file))
  const lines: PythonLine[] = []
  for (const {name} of archive.entries) {
    const {python} = await tensorStatistics(archive, name)
    if ('line' in python) lines.push({file, name, ...python})
  }
  return lines
}

if (process.argv[1]?.endsWith('pythonLines.ts')) {
  const all = []
  for (const file of checkedFiles) all.push(...(await linesOf(file)))
  process.stdout.write(JSON.stringify(all))
}
