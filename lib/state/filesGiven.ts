import {ReaderError} from '@/lib/core/errors'
import type {Openable} from '@/lib/engine/protocol'
import {isExplanationFile, mostFileBytes, tellingBytes} from '@/lib/share/explanationFile'
import {openablesOf} from './openablesOf'

export interface GivenFiles {
  /** The bytes of an explanation that somebody shared, in a record or as JSON. */
  readonly record: Uint8Array | null
  /** What stands beside it. */
  readonly given: readonly Openable[]
}

/** Beside more files than this, which are a folder's, no explanation is looked for. */
const most = 100

/** A person's files: an explanation is told by how it begins. Rejects with ReaderError where there are two. */
export async function filesGiven(files: readonly File[]): Promise<GivenFiles> {
  const found = files.length > most ? [] : await Promise.all(files.map(begunAsExplanation))
  const explanations = files.filter((_, i) => found[i])
  const [only, another] = explanations
  if (another) {
    const names = explanations.map(({name}) => name)
    throw new ReaderError(
      'More than one explanation',
      `Found ${names.length} shared explanations, ${names.join(' and ')}; one at a time can be opened.`
    )
  }
  const given = await openablesOf(files.filter((file) => file !== only))
  return {record: only ? await bytesOf(only) : null, given}
}

const begunAsExplanation = async (file: File): Promise<boolean> => isExplanationFile(await startOf(file))
const startOf = async (file: File) => new Uint8Array(await file.slice(0, tellingBytes).arrayBuffer())

// One byte more than it may have is enough to refuse it.
const bytesOf = async (file: File): Promise<Uint8Array> =>
  new Uint8Array(await file.slice(0, mostFileBytes(await startOf(file)) + 1).arrayBuffer())
