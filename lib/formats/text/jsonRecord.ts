export type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json}

/** Whether a value is an object with keys, and not a list. */
export function isRecord(value: unknown): value is {readonly [key: string]: Json} {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
