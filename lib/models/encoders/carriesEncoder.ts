import type {FileValue, TensorArchive} from '@/lib/formats/archive'

/** The description that an encoder's file carries, as text: JSON under `encoder` in its metadata. Null without one. */
export function encoderText({contents}: Pick<TensorArchive, 'contents'>): string | null {
  const metadata = contents instanceof Map ? (contents.get('__metadata__') as FileValue | undefined) : undefined
  const text = metadata instanceof Map ? metadata.get('encoder') : undefined
  return typeof text === 'string' ? text : null
}

/** Whether a file is meant as an encoder: a description is an object, what else is called so may be any word. */
export const carriesEncoder = (archive: Pick<TensorArchive, 'contents'>): boolean =>
  encoderText(archive)?.trimStart().startsWith('{') ?? false
