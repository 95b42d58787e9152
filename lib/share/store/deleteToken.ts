import {createHash, randomBytes, timingSafeEqual} from 'node:crypto'

/** A new token: 256 random bits, base64url. */
export function newDeleteToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a token: its SHA-256 in hexadecimal. A random token needs no salt and no slow hash. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Whether `token` is the one that was hashed, in a time that tells nothing about where they differ. */
export function tokenMatches(token: string, tokenHash: string): boolean {
  const [given, kept] = [Buffer.from(hashToken(token), 'hex'), Buffer.from(tokenHash, 'hex')]
  return given.length === kept.length && timingSafeEqual(given, kept)
}
