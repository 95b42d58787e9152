import {base64urlLength, fromBase64url, toBase64url} from './base64url'
import {type Fitted, fitRecord, type Shareable} from './fitRecord'
import {decodeRecord, type SharedRecord} from './record'

/** What a hash link begins with. */
const mark = '#x='

/** Characters of a hash: browsers take far more, mail and chat programs cut far longer ones. */
export const mostHashCharacters = 8_000

export interface HashLink extends Fitted {
  /** "#x=…": to be put behind the app's address. */
  readonly hash: string
}

/** The record as a hash of at most 8,000 characters. Throws FormatError when not even the ranking fits. */
export async function hashLink(shareable: Shareable): Promise<HashLink> {
  const fitted = await fitRecord(shareable, Math.floor(((mostHashCharacters - mark.length) * 3) / 4))
  return {...fitted, hash: mark + toBase64url(fitted.bytes)}
}

/** Characters that a record of so many bytes takes as a hash. */
export const hashCharacters = (bytes: number): number => mark.length + base64urlLength(bytes)

/** Whether an address, or its hash, carries an explanation. */
export const isHashLink = (address: string): boolean => address.includes(mark)

/** The record in a hash or a whole address. Throws FormatError when there is none that can be read. */
export const readHashLink = async (address: string): Promise<SharedRecord> => decodeRecord(hashBytes(address))

/**
 * The record's bytes in a hash or a whole address. What a mail program put around the address, and white space where it
 * broke it, is passed over; any other letter that no link has costs the part that it stands in.
 */
export function hashBytes(address: string): Uint8Array {
  const text = address.slice(address.indexOf(mark) + mark.length)
  const unbroken = text.replace(/\s|%(?:20|0A|0D)/gi, '').replace(/[>)\]}.,;"']+$/, '')
  return fromBase64url(unbroken.replace(/[^\w-]/g, 'A'))
}
