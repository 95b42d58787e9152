import {ReaderError} from '@/lib/core/errors'
import {bytes} from '@/lib/core/number'
import type {TensorArchive, TensorEntry} from '@/lib/formats/archive'
import {piecesOf} from '@/lib/formats/piecesOf'
import {safetensorsBytes, type WrittenTensor} from '@/lib/formats/safetensorsBytes'
import {editedTensors} from '@/lib/models/editedTensors'
import type {Detection, HeadEdit} from '@/lib/models/family'
import {parametersOf} from '@/lib/models/parameterNames'
import {toFloat32} from '@/lib/models/shape'
import {pace} from './pace'
import type {CallOptions, EditedTensors} from './protocol'

/** More than a page should hold twice. */
const largestFile = 1e9

/** Writes the explained module with edits. Throws ReaderError above 1 GB, CancelledError once cancelled. */
export type EditedFile = (
  heads: readonly HeadEdit[],
  which: EditedTensors,
  options?: CallOptions
) => Promise<Uint8Array<ArrayBuffer>>

/**
 * A .safetensors file of the module's tensors with edited numbers in their place: all that are bound, or the edited
 * ones alone; as float32, under their names in the state dict. Those that are not edited are read piece by piece.
 */
export function editedFileFrom(archive: TensorArchive, detection: Detection): EditedFile {
  return async (heads, which, {signal, onProgress} = {}) => {
    const edited = editedTensors(detection, heads)
    const bound = new Set(detection.bindings.map(({name}) => name))
    const entries = archive.entries.filter(({name}) => (which === 'all' ? bound.has(name) : edited.has(name)))
    const keys = new Map(parametersOf(archive).map(({key, entry}) => [entry.name, key]))
    const total = entries.reduce((sum, entry) => sum + 4 * elements(entry), 0)
    if (total > largestFile)
      throw new ReaderError(
        'Too large to save here',
        `These tensors have ${bytes(total)}; at most ${bytes(largestFile)} are saved from a page.`
      )
    const steps = pace({signal, onProgress})
    const written: WrittenTensor[] = []
    let done = 0
    for (const entry of entries) {
      const {name, shape} = entry
      const parts: Float32Array[] = []
      for await (const values of numbersOf(archive, entry, edited.get(name))) {
        parts.push(values)
        done += values.byteLength
        steps.tell({phase: 'reading', done, total, unit: 'bytes', text: `${bytes(done)} of ${bytes(total)}`})
        await steps.breathe()
      }
      written.push({name: keys.get(name) ?? name, shape, parts})
    }
    return safetensorsBytes(written, {format: 'pt'})
  }
}

const elements = ({shape}: TensorEntry): number => shape.reduce((product, length) => product * length, 1)

async function* numbersOf(
  archive: TensorArchive,
  entry: TensorEntry,
  edited: Float32Array | undefined
): AsyncGenerator<Float32Array> {
  if (edited) yield edited
  else for await (const {values} of piecesOf(archive, entry, undefined, true)) yield toFloat32(values)
}
