import type {FileValue, TensorArchive} from '@/lib/formats/archive'
import {isMap} from './parameterNames'

/** What a checkpoint says of its own training; null where it does not. */
export interface CheckpointFacts {
  /** Counted from 1. */
  readonly epoch: number | null
  /** Best validation accuracy, 0 to 1. */
  readonly accuracy: number | null
}

/**
 * Reads `epoch` and `best_val_accuracy` (DAAM-PEFT-paper-code, save_checkpoint) where they are plain numbers that make
 * sense.
 */
export function checkpointFacts({contents}: TensorArchive): CheckpointFacts {
  const numberAt = (key: string) => (isMap(contents) ? plainNumber(contents.get(key)) : null)
  const epoch = numberAt('epoch')
  const accuracy = numberAt('best_val_accuracy')
  return {
    epoch: epoch !== null && Number.isInteger(epoch) && epoch >= 0 ? epoch : null,
    accuracy: accuracy !== null && accuracy >= 0 && accuracy <= 1 ? accuracy : null
  }
}

const plainNumber = (value: FileValue | undefined): number | null =>
  typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : null
