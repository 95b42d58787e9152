import {ReaderError} from '@/lib/core/errors'
import type {Openable} from '@/lib/engine/protocol'
import type {LookedInto} from './lookInto'

/** The encoder among files that were looked into, with its tokenizer, and what else there was. Throws for two. */
export function encoderIn(found: LookedInto): {readonly encoder: Openable | null; readonly rest: LookedInto} {
  const encoders = found.files.filter(({report}) => report.encoder)
  const [encoder] = encoders
  if (!encoder) return {encoder: null, rest: found}
  if (encoders.length > 1) {
    const names = encoders.map(({report}) => report.name).join(' and ')
    throw new ReaderError('More than one encoder', `Found ${encoders.length} encoders, ${names}; one can be opened.`)
  }
  const files = found.files.filter((file) => file !== encoder)
  const all = [...files, ...found.unreadable].map(({openable}) => openable)
  const stays = ({openable}: {openable: Openable}) => !namesJson(openable)
  return {
    encoder: withFiles(encoder.openable, all.filter(namesJson)),
    rest: {files: files.filter(stays), unreadable: found.unreadable.filter(stays)}
  }
}

/** What files are opened as where an encoder was asked for: the first .safetensors, the others beside it. */
export function encoderAmong(files: readonly [File, ...File[]]): Openable {
  const encoder = files.find(({name}) => /\.safetensors$/i.test(name)) ?? files[0]
  const beside = files.filter((file) => file !== encoder).map((file): Openable => ({kind: 'file', file}))
  return withFiles({kind: 'file', file: encoder}, beside)
}

/** An encoder reads for a checkpoint; without one there is nothing to read with. */
export const encoderAlone = (encoder: Openable): ReaderError =>
  new ReaderError(
    'An encoder needs a checkpoint',
    `Found ${encoder.kind === 'file' ? encoder.file.name : encoder.name}, an encoder, and no open checkpoint; drop the checkpoint first, or both together.`
  )

// A file that a person gave has no neighbours but those that were given with it.
function withFiles(encoder: Openable, beside: readonly Openable[]): Openable {
  const files = beside.flatMap((one) => (one.kind === 'file' ? [one.file] : []))
  if (encoder.kind !== 'file' || files.length === 0) return encoder
  return {kind: 'set', name: encoder.file.name, files: [encoder.file, ...files]}
}

// As a tokenizer comes.
const namesJson = (openable: Openable) => openable.kind === 'file' && /\.json$/i.test(openable.file.name)
