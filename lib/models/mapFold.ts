import {ShapeError} from '@/lib/core/errors'
import type {OpenQuestion, Settings} from './family'

/** The most square fold of this many features: 32 × 32 for 1,024, 64 × 80 for 5,120. */
export function squarestFold(features: number): [height: number, width: number] {
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
  const heights = Array.from({length: features}, (_, i) => i + 1).filter((height) => features % height === 0)
  // The squarest first: nobody folds 1,024 features into one row.
  const folds = heights
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
