import {ShapeError} from '@/lib/core/errors'
import type {OpenQuestion, Settings} from './family'

// A file may claim any number of features, and finding the factors of a large one takes seconds.
const mostFolded = 2 ** 32

/** The most square fold of this many features: 32 × 32 for 1,024, 64 × 80 for 5,120; one row of more than 2³². */
export function squarestFold(features: number): [height: number, width: number] {
  if (features > mostFolded) return [1, features]
  let height = Math.floor(Math.sqrt(features))
  while (features % height !== 0) height--
  return [height, features / height]
}

/** The fold in force. Throws ShapeError when the one asked for does not hold the features. */
export function foldOf(features: number, {map}: Settings): readonly [height: number, width: number] {
  if (!map) return squarestFold(features)
  const [height, width] = map
  if (height * width === features && height > 0) return map
  throw new ShapeError(
    `a map of ${height} × ${width} holds ${height * width} features; this classifier folds ${features}`
  )
}

/** Asks for the fold, when features can be folded in more than one way. */
export function foldQuestion(features: number, fold: readonly [number, number]): OpenQuestion[] {
  // The squarest first: nobody folds 1,024 features into one row.
  const folds = divisors(features)
    .map((height): [number, number] => [height, features / height])
    .sort(([a, b], [c, d]) => Math.abs(Math.log(a / b)) - Math.abs(Math.log(c / d)) || a - c)
    .filter(([height, width], i) => i < 7 || height === fold[0] || width === fold[0])
  if (folds.length < 2) return []
  return [
    {
      setting: 'map',
      text: 'Into which height × width does the classifier fold the features?',
      options: folds.map((map) => ({label: `${map[0]} × ${map[1]}`, value: {map}})),
      chosen: folds.findIndex(([height]) => height === fold[0])
    }
  ]
}

// In pairs: of a million features there are no more than a thousand to try.
function divisors(count: number): number[] {
  const found: number[] = []
  if (count > mostFolded) return found
  for (let low = 1; low * low <= count; low++) {
    if (count % low !== 0) continue
    found.push(low)
    if (low * low < count) found.push(count / low)
  }
  return found
}
