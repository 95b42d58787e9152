/** Values one after the other in one array. */
export function joinedValues(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((total, {length}) => total + length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
