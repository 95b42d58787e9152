import {ReaderError} from '@/lib/core/errors'

/** What was asked of one input; null where the engine says that there is none. Rejects for any other reason. */
export const orNone = <Answer>(asked: Promise<Answer>): Promise<Answer | null> =>
  asked.catch((error: unknown) => {
    if (error instanceof ReaderError) return null
    throw error
  })
