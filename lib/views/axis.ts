/** A labelled place on an axis. x in px. */
export interface Tick {
  readonly x: number
  readonly text: string
}

/** A horizontal axis. Tick labels stand 15 px and the title 30 px below its line. */
export interface Axis {
  readonly x0: number
  readonly x1: number
  readonly y: number
  readonly ticks: readonly Tick[]
  readonly title: string | null
  /** Baseline of the title; default 30 px below the line. */
  readonly titleY?: number
}
