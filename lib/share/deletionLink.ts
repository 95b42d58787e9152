/** What a deletion link's hash begins with. */
const mark = '#delete='

/** What a deletion link says: which explanation, and the right to delete it. */
export interface Deletion {
  readonly id: string
  readonly token: string
}

/** A link that offers to delete a stored explanation. All of it lies behind the `#`, which no server is sent. */
export const deletionLink = (origin: string, {id, token}: Deletion): string =>
  `${origin}/?example=none${mark}${id}.${token}`

/** What a hash asks to delete; null when it is no deletion link. */
export function readDeletion(hash: string): Deletion | null {
  const [, id, token] = /^#delete=([\w-]{1,128})\.([\w-]{1,128})$/.exec(hash) ?? []
  return id && token ? {id, token} : null
}
