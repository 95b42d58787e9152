import {addressSource, isAddress} from './addressSource'
import {type CheckpointSource, checkpointSource} from './checkpointSource'

/** The checkpoint at a path or an https address. Throws ReaderError. */
export async function checkpointAt(place: string, others: readonly string[]): Promise<CheckpointSource> {
  if (isAddress(place)) return {checkpoint: await addressSource(place), rest: others}
  return checkpointSource(place, others)
}
