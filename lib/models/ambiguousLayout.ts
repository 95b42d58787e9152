import {ReaderError} from '@/lib/core/errors'
import type {OpenQuestion} from './family'

/** An input that can be read in two ways: whoever asked must choose. */
export class AmbiguousLayout extends ReaderError {
  override readonly name = 'AmbiguousLayout'
  /** The two readings, as options that set `layout`. */
  readonly question: OpenQuestion

  constructor(message: string, readings: {readonly batch: string; readonly time: string}) {
    super('This input can be read in two ways', message)
    this.question = {
      setting: 'layout',
      text: message,
      options: [
        {label: readings.batch, value: {layout: 'batch'}},
        {label: readings.time, value: {layout: 'time'}}
      ],
      chosen: 0
    }
  }
}
