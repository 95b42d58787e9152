import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import type {Explanation} from '@/lib/explain/explanation'
import {decodeExplanation} from '@/lib/explain/json'

/** The shipped explanation of an example. */
export function example(id: string): Explanation {
  const path = fileURLToPath(new URL(`../../public/examples/${id}/explanation.json`, import.meta.url))
  return decodeExplanation(readFileSync(path, 'utf8'))
}

/** A small explanation with every part there is: a single layer and head, two cells. */
export function everyPart(): Explanation {
  const digits = example('digits')
  const {rows, cols} = digits.axes!
  const values = Float32Array.from({length: rows * cols}, (_, i) => (i % 7) / 1000)
  return {
    ...digits,
    densityVariance: {rows, cols, values},
    classDensity: [
      {label: 0, inputs: 3, rows: new Float32Array(rows).fill(0.5), density: {rows, cols, values}},
      {label: 4, inputs: 1, rows: new Float32Array(rows).fill(0.25)}
    ],
    samples: digits.samples.slice(0, 4)
  }
}
