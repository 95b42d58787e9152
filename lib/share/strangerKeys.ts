/** Keys of JSON that a description does not know, where they stand; items of a list by their index. */
export type Strangers = unknown

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** What `found` says beyond `known`, which was made of it; null where there is nothing. */
export function strangerKeys(found: unknown, known: unknown): Strangers | null {
  if (!isObject(found) || !isObject(known)) return null
  const strange = Object.entries(found).flatMap(([key, value]) => {
    if (!Object.hasOwn(known, key)) return [[key, value] as const]
    const within = strangerKeys(value, known[key])
    return within === null ? [] : [[key, within] as const]
  })
  return strange.length > 0 ? Object.fromEntries(strange) : null
}

/** `known` with what `strangerKeys` found beside it, where its place still exists. */
export function withStrangers(known: unknown, strangers: Strangers): unknown {
  if (!isObject(known) || !isObject(strangers)) return known
  if (Array.isArray(known)) {
    return known.map((item, i) => (Object.hasOwn(strangers, String(i)) ? withStrangers(item, strangers[i]) : item))
  }
  const own = Object.entries(known).map(([key, value]) =>
    Object.hasOwn(strangers, key) ? [key, withStrangers(value, strangers[key])] : [key, value]
  )
  const others = Object.entries(strangers).filter(([key]) => !Object.hasOwn(known, key))
  return Object.fromEntries([...own, ...others])
}
