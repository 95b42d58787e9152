import {contentId} from './contentId'
import type {Stored} from './store'

// "DLS1", the length of the head in bytes as u32 little-endian, the head as JSON, the explanation's bytes.
const magic = 0x31534c44

/** One file for an explanation and what is kept beside it, so that both appear in one step. */
export function seal({bytes, keep}: Stored): Buffer {
  const head = Buffer.from(JSON.stringify({tokenHash: keep.tokenHash, expires: keep.expires}))
  const front = Buffer.alloc(8)
  front.writeUInt32LE(magic, 0)
  front.writeUInt32LE(head.length, 4)
  return Buffer.concat([front, head, bytes])
}

/** Undoes `seal`; null when the file is not whole or its content is not the one that `id` names. */
export function unseal(id: string, file: Buffer): Stored | null {
  if (file.length < 8 || file.readUInt32LE(0) !== magic) return null
  const end = 8 + file.readUInt32LE(4)
  const bytes = file.subarray(end)
  const keep = end <= file.length ? keepIn(file.toString('utf8', 8, end)) : null
  return keep && contentId(bytes) === id ? {bytes, keep} : null
}

function keepIn(head: string): Stored['keep'] | null {
  try {
    const {tokenHash, expires} = JSON.parse(head)
    return typeof tokenHash === 'string' && Number.isFinite(expires) ? {tokenHash, expires} : null
  } catch {
    return null
  }
}
