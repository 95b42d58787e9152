import {greatestAt} from '@/lib/core/statistics'

/** The largest of them, NaN passed over; `none` when there is none. */
export function largest(values: Iterable<number>, none: number): number {
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) if (value > most) most = value
  return most === Number.NEGATIVE_INFINITY ? none : most
}

/** Where the largest of them stands, and of equals the first, NaN passed over; 0 when there is none. */
export const largestAt = (values: ArrayLike<number>): number =>
  greatestAt(Array.from(values, (value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value))) ?? 0
