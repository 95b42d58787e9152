/** What every record begins with: "DLNS". */
export const recordMagic: readonly number[] = [0x44, 0x4c, 0x4e, 0x53]

/** Whether bytes begin as a record does. */
export const isRecord = (bytes: Uint8Array): boolean => recordMagic.every((byte, i) => bytes[i] === byte)
