import {affordableRuns, summary} from './statistics.mjs'

// A contender is {name, ready, time, close}: `ready` resolves to {errors, ms}, how far each result is from float64
// relative to its peak, and what its first run took; `time` to the ms of one run.

/** Relative to the peak: float32 results of the right formula are far closer, wrong ones far off. */
export const tolerance = {default: 1e-5, offset: 1e-4, spread: 1e-4, input: 1e-4}

/**
 * Holds every contender to the reference, then runs them in turn, and again, so that whatever slows the machine slows
 * all. Resolves to their times by name, and to why each that was struck out was.
 */
export async function rounds(contenders, {budget, least, most, say = () => {}}) {
  const times = {}
  const struck = {}
  const errors = {}
  const runs = {}
  const standing = () => contenders.filter(({name}) => !struck[name])
  const strike = (name, error) => {
    struck[name] = error.message
    say(`  ${name} is struck out: ${error.message}`)
  }
  for (const {name, ready} of contenders) {
    try {
      const first = await ready()
      errors[name] = Math.max(...Object.values(first.errors))
      const wrong = Object.entries(first.errors).find(([result, error]) => !(error <= allowed(result)))
      if (wrong) throw new Error(`its ${wrong[0]} is off by ${wrong[1].toExponential(1)} of the peak`)
      runs[name] = affordableRuns(first.ms, {budget, least, most})
      times[name] = []
      say(`  ${name} is right to ${errors[name].toExponential(1)}; ${runs[name]} runs`)
    } catch (error) {
      strike(name, error)
    }
  }
  for (let round = 0; round < most; round++) {
    for (const {name, time} of turned(standing(), round)) {
      if (times[name].length >= runs[name]) continue
      try {
        times[name].push(await time())
      } catch (error) {
        strike(name, error)
      }
    }
  }
  for (const {close} of contenders) await close().catch(() => {})
  const timed = standing().map(({name}) => [name, {...summary(times[name]), error: errors[name]}])
  return {times: Object.fromEntries(timed), struck}
}

const allowed = (result) => tolerance[result] ?? tolerance.default

// Nobody always comes after the same one.
const turned = (list, by) => list.map((_, i) => list[(i + by) % list.length])
