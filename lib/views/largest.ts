/** The largest of them, NaN passed over; `none` when there is none. */
export function largest(values: Iterable<number>, none: number): number {
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) if (value > most) most = value
  return most === Number.NEGATIVE_INFINITY ? none : most
}
