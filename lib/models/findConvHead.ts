import type {Binding} from './family'
import {byKeyIn, type Parameter} from './parameterNames'
import {shapeText, sizeOf} from './shape'

const roles = ['conv1.weight', 'conv1.bias', 'conv2.weight', 'conv2.bias', 'fc.weight', 'fc.bias'] as const
export type HeadRole = (typeof roles)[number]

/** The classifier as a state dict holds it. */
export interface FoundHead {
  readonly bindings: readonly Binding[]
  /** What keeps it from running, and what it does without, as sentences. */
  readonly missing: readonly string[]
  readonly taken: readonly Parameter[]
  /** conv1's input channels. */
  readonly layers: number | null
  readonly classCount: number | null
  /** Everything needed to run it; null when something is missing or disagrees. */
  readonly shape: HeadShape | null
}

export interface HeadShape {
  readonly layers: number
  readonly hidden: number
  /** conv2's output channels: as many as layers in everything published. */
  readonly out: number
  readonly features: number
  readonly classes: number
}

/** What the mechanism in front says of itself; null where only the classifier can tell. */
interface Front {
  readonly heads: number
  readonly features: number | null
  /** Names seen beside it that the authors put between the mechanism and the classifier. */
  readonly between: string | null
}

/** Looks for the classifier beside the mechanism at `path`, in its nearest enclosing module first. */
export function findConvHead(parameters: readonly Parameter[], path: string, front: Front): FoundHead {
  const byKey = byKeyIn(parameters)
  const scope = scopesOf(path).find((at) => byKey.has(`${at}conv1.weight`) || byKey.has(`${at}fc.weight`))
  const held = new Map<HeadRole, Parameter>()
  for (const role of roles) {
    const parameter = scope === undefined ? undefined : byKey.get(scope + role)
    if (parameter) held.set(role, parameter)
  }
  const shapes = (role: HeadRole): readonly number[] | null => held.get(role)?.entry.shape ?? null
  const conv1 = shapes('conv1.weight')
  const layers = conv1?.length === 4 && conv1[1]! % front.heads === 0 ? conv1[1]! : null
  const missing = front.between ? [front.between] : complaints(shapes, front)
  const shape = missing.length === 0 ? headShape(shapes) : null
  return {
    bindings: [...held].map(([role, {entry}]) => ({
      role: role.replace('.', ' '),
      name: entry.name,
      shape: entry.shape
    })),
    missing: [...missing, ...(shape ? withoutBias(held) : [])],
    taken: [...held.values()],
    layers,
    classCount: shape?.classes ?? null,
    shape
  }
}

/** `a.b.c` stands in `a.b.`, `a.` and the model itself. */
export function scopesOf(path: string): string[] {
  const parts = path === '' ? [] : path.split('.')
  const above = parts.map((_, i) => parts.slice(0, parts.length - 1 - i))
  return [...new Set([...above.map((at) => at.map((part) => `${part}.`).join('')), ''])]
}

type ShapeOf = (role: HeadRole) => readonly number[] | null

/** Why there is no prediction, as sentences; none when there is one. */
function complaints(shapes: ShapeOf, {heads, features}: Front): string[] {
  const absent = (['conv1.weight', 'conv2.weight', 'fc.weight'] as const).filter((role) => !shapes(role))
  if (absent.length === 3) return ['conv1, conv2 and fc: no classifier beside the heads, so no prediction']
  if (absent.length > 0) return absent.map((role) => `${role}: absent, so no prediction`)
  const [conv1, conv2, fc] = [shapes('conv1.weight')!, shapes('conv2.weight')!, shapes('fc.weight')!]
  const wrong = (role: string, shape: readonly number[], needed: string) => [
    `${role} is ${shapeText(shape)}; ${needed}, so no prediction`
  ]
  if (!isOddKernel(conv1)) return wrong('conv1.weight', conv1, '(hidden, layers, 3, 3) is needed')
  if (!isOddKernel(conv2) || conv2[1] !== conv1[0])
    return wrong('conv2.weight', conv2, `(layers, ${conv1[0]}, 3, 3) is needed after conv1`)
  const layers = conv1[1]!
  if (layers % heads !== 0)
    return wrong('conv1.weight', conv1, `its ${layers} input channels cannot be shared equally by ${heads} heads`)
  if (fc.length !== 2) return wrong('fc.weight', fc, '(classes, layers × features) is needed')
  const columns = fc[1]!
  if (features === null ? columns % conv2[0]! !== 0 : columns !== conv2[0]! * features)
    return wrong(
      'fc.weight',
      fc,
      `${conv2[0]} layers × ${features ?? 'features'} need ${features === null ? 'a multiple of ' : ''}${conv2[0]! * (features ?? 1)} columns`
    )
  return []
}

const isOddKernel = (shape: readonly number[]) =>
  shape.length === 4 && shape[2]! % 2 === 1 && shape[3]! % 2 === 1 && sizeOf(shape) > 0

/** The counts of a classifier whose three weights are there and agree. */
export function headShape(shapes: ShapeOf): HeadShape {
  const [hidden, layers] = shapes('conv1.weight') as [number, number]
  const [out] = shapes('conv2.weight') as [number]
  const [classes, columns] = shapes('fc.weight') as [number, number]
  return {layers, hidden, out, features: columns / out, classes}
}

const withoutBias = (held: ReadonlyMap<HeadRole, Parameter>): string[] =>
  (['conv1.bias', 'conv2.bias', 'fc.bias'] as const)
    .filter((role) => !held.has(role))
    .map((role) => `${role}: absent, taken as zero`)
