/** A few words over or beside the rows. */
export interface Caption {
  readonly x: number
  readonly y: number
  readonly text: string
  readonly anchor: 'start' | 'middle' | 'end'
  /** What it means, for whoever rests the pointer on it. */
  readonly meaning?: string
}
