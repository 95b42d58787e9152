import {ReaderError} from '@/lib/core/errors'
import {sizeText} from '../sizeText'
import type {HttpPlace} from './httpAddress'

// What can go wrong between a reader and a server, in sentences that say what was found and what to do.

/** The server has nothing at this place; another may. */
export class NotThere extends ReaderError {}

/** A browser gave no answer that a page may read, and does not say why. */
export class NoAnswer extends ReaderError {}

/** A connection broke off: asked again, the server may finish. */
export class BrokenOff extends ReaderError {}

const title = 'This address cannot be read'

const whereOf = ({name, url}: HttpPlace) => `${name} at ${new URL(url).host}`
const download = 'download the file and open it from your disk'

/** What a status other than 200 and 206 means. */
export function refusal(place: HttpPlace, status: number): ReaderError {
  const where = whereOf(place)
  if (status === 404 || status === 410) {
    return new NotThere(title, `${where}: there is no such file (${status}); the address of one that exists is needed`)
  }
  if (status === 401 || status === 403) {
    return new ReaderError(
      title,
      `${where}: is not given to everyone (${status}), being gated, private or absent; no passwords or tokens are kept here, so ${download} where you are signed in`
    )
  }
  if (status === 416)
    return new ReaderError(title, `${where}: holds no bytes to read (416); a file of tensors is needed`)
  if (status === 429) {
    return new ReaderError(title, `${where}: the server has been asked too often (429); wait a while, or ${download}`)
  }
  return new ReaderError(title, `${where}: the server answered ${status}; needed the file, so try later or ${download}`)
}

/**
 * No answer that may be read. A browser hides whether the server refused other pages or was not there at all; Node
 * says which in `cause`.
 */
export function unreachable(place: HttpPlace, error: unknown): ReaderError {
  const where = whereOf(place)
  const code = causeOf(error)
  // A connection kept open from before, which the server has closed meanwhile.
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return brokenOff(place, 0)
  if (code)
    return new ReaderError(
      title,
      `${where}: the server could not be reached (${code}); an address that answers is needed`
    )
  return new NoAnswer(
    title,
    `${where}: the browser gave no answer to read; the server was not reached, or it does not let pages of other sites read its files (CORS), so ${download}, or run density-lens on the command line, which may read it`
  )
}

function causeOf(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : undefined
  if (!(cause instanceof Error)) return null
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message || null
}

export const brokenOff = (place: HttpPlace, received: number) =>
  new BrokenOff(
    title,
    `${whereOf(place)}: the connection broke off after ${sizeText(received)}; open it again to go on`
  )

export const silent = (place: HttpPlace, ms: number) =>
  new ReaderError(title, `${whereOf(place)}: the server sent nothing for ${Math.round(ms / 1000)} seconds; try later`)

export const changed = (place: HttpPlace) =>
  new ReaderError(
    'The file changed while it was read',
    `${whereOf(place)}: the server now gives another version than the one that was begun; open it again to read that one`
  )

export const wrongPart = (place: HttpPlace, found: string, needed: string) =>
  new ReaderError(title, `${whereOf(place)}: the server sent ${found} where ${needed} were needed; ${download}`)

export const leadsElsewhere = (place: HttpPlace, name: string) =>
  new ReaderError(
    title,
    `${whereOf(place)}: names ${JSON.stringify(name.slice(0, 100))} as a part of it, which leads out of its folder; a file beside it is needed`
  )

export const tooLargeWhole = (place: HttpPlace, size: number | null, most: number, why: string) =>
  new ReaderError(
    title,
    `${whereOf(place)}: ${why}, and ${size === null ? 'it is larger than' : `all ${sizeText(size)} are more than`} the ${sizeText(most)} that are fetched whole; ${download}, where only the parts that are needed are read`
  )
