export type Part = string | number | Uint8Array

/** Joins text (a byte per character), numbers (one byte) and bytes: enough to write a file by hand. */
export function bytes(...parts: readonly Part[]): Uint8Array {
  const joined = parts.map((part) => {
    if (typeof part === 'number') return Uint8Array.of(part)
    return typeof part === 'string' ? Buffer.from(part, 'latin1') : part
  })
  return new Uint8Array(Buffer.concat(joined))
}

/** Little-endian, `width` bytes. */
export function little(value: number | bigint, width: 1 | 2 | 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true)
  return new Uint8Array(view.buffer, 0, width)
}

export interface Member {
  readonly name: string
  readonly content: Uint8Array
  /** Overrides of what the directory says, to make it lie. */
  readonly method?: number
  readonly flags?: number
  readonly size?: number
  readonly compressedSize?: number
  readonly crc?: number
  readonly offset?: number
  /** Puts sizes and offset in a zip64 extra field. */
  readonly zip64?: boolean
}

/** A zip with these members as they stand, its directory saying what it is told to say. */
export function zipBytes(members: readonly Member[], {zip64 = false, count = members.length} = {}): Uint8Array {
  const local: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const member of members) {
    const {name, content, method = 0, flags = 0, crc = 0, offset = at} = member
    const size = member.size ?? content.length
    const packed = member.compressedSize ?? content.length
    const shared = bytes(little(flags, 2), little(method, 2), little(0, 4), little(crc, 4))
    const header = bytes(
      'PK\x03\x04',
      little(20, 2),
      shared,
      little(packed, 4),
      little(size, 4),
      little(name.length, 2),
      little(0, 2),
      name
    )
    const extra = member.zip64
      ? bytes(little(1, 2), little(24, 2), little(size, 8), little(packed, 8), little(offset, 8))
      : bytes()
    const short = (value: number) => little(member.zip64 ? 0xffffffff : value, 4)
    local.push(header, content)
    directory.push(
      bytes('PK\x01\x02', little(20, 2), little(20, 2), shared, short(packed), short(size), little(name.length, 2)),
      bytes(little(extra.length, 2), little(0, 2), little(0, 2), little(0, 2), little(0, 4), short(offset), name, extra)
    )
    at += header.length + content.length
  }
  const list = bytes(...directory)
  const end64 = bytes(
    'PK\x06\x06',
    little(44, 8),
    little(45, 2),
    little(45, 2),
    little(0, 8),
    little(count, 8),
    little(count, 8),
    little(list.length, 8),
    little(at, 8)
  )
  const locator = bytes('PK\x06\x07', little(0, 4), little(at + list.length, 8), little(1, 4))
  const said = (value: number, width: 2 | 4) => little(zip64 ? -1 : value, width)
  const end = bytes(
    'PK\x05\x06',
    little(0, 4),
    said(count, 2),
    said(count, 2),
    said(list.length, 4),
    said(at, 4),
    little(0, 2)
  )
  return bytes(...local, list, ...(zip64 ? [end64, locator] : []), end)
}
