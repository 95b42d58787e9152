/** How fast something gets done, of late. */
export interface Rate {
  /** Notes that `done` things are done, after `seconds` of work. Neither may fall. */
  note(done: number, seconds: number): void
  /** Things per second, smoothed; null before there has been enough work to tell. */
  perSecond(): number | null
}

/** What was done this many seconds ago counts a third as much as what is done now. */
const memory = 5
/** Less work than this tells no rate. */
const fewestSeconds = 0.5

/** A rate over recent work: done and seconds fade alike, so that a slow spell shows soon and a hiccup does not. */
export function rateOf(): Rate {
  let last: {readonly done: number; readonly seconds: number} | null = null
  let [things, seconds, worked] = [0, 0, 0]
  return {
    note: (done, now) => {
      if (last) {
        const passed = now - last.seconds
        const fade = Math.exp(-passed / memory)
        things = things * fade + (done - last.done)
        seconds = seconds * fade + passed
        worked += passed
      }
      last = {done, seconds: now}
    },
    perSecond: () => (worked >= fewestSeconds && things > 0 ? things / seconds : null)
  }
}
