import {count as numeral, plural} from '@/lib/core/number'
import {shortKey} from './parameterNames'
import {shapeText, sizeOf} from './shape'
import {hopLayers, type NamedLayer, type NamedStack, sizesOf} from './stackedLayout'

/** What keeps a layer of a stack from running, as a sentence about it. */
export interface StackComplaint {
  /** Of the layer: `hop 0 regions look`, `answer`. */
  readonly role: string
  /** `hop 2 over regions`, `stack` */
  readonly where: string
  readonly kind: 'absent' | 'disagrees'
  /** The tensor that is wrong. */
  readonly part: 'weight' | 'bias'
  readonly text: string
}

/** A size that a layer needs, and what else in the stack says so. */
interface Need {
  readonly size: number | null
  readonly because: string
}

const anySize: Need = {size: null, because: ''}

/**
 * Where the layers of a stack do not fit together, by shapes alone. Of sizes that disagree the one that most layers have
 * is right, so that one bad tensor is named and not all that stand beside it.
 */
export function stackComplaints(stack: NamedStack): StackComplaint[] {
  const {streams, answer, form, latent} = stack
  const state = stateOf(stack)
  const ofState: Need = {size: state, because: `the state has ${plural(state ?? 0, 'number')}`}
  const found: StackComplaint[] = []
  const check = (where: string, layer: NamedLayer, inputs: Need, outputs: Need) =>
    found.push(...ofLayer(where, layer, form, [inputs, outputs]))
  let wide = state
  for (const {name, projection, hops} of streams) {
    if (projection.weight) check('stack', projection, anySize, ofState)
    let before: Need = anySize
    for (const [index, hop] of hops.entries()) {
      const where = `hop ${index + 1} over ${name}`
      if (!hop) {
        found.push({role: '', where, kind: 'absent', part: 'weight', text: 'absent from its list'})
        before = anySize
        continue
      }
      const width = widthOf(hop, form)
      const asWide: Need = {size: width, because: `its latent states have ${plural(width ?? 0, 'number')}`}
      check(where, hop.look, ofState, asWide)
      check(where, hop.ask, ofState, asWide)
      check(where, hop.point, asWide, {size: 1, because: 'one is needed'})
      if (latent && index > 0) check(where, hop.carry, before, asWide)
      if (index === 0 && hop.carry.weight)
        found.push({
          role: hop.carry.role,
          where,
          kind: 'disagrees',
          part: 'weight',
          text: `${nameOf(hop.carry)} carries latent states on, and there is no hop before it`
        })
      before = {size: width, because: `hop ${index + 1} has latent states of ${plural(width ?? 0, 'number')}`}
    }
    wide = wide === null || before.size === null ? null : wide + before.size
  }
  if (answer.weight) check('stack', answer, readBy(latent, state, wide), anySize)
  return found
}

/** Numbers in the state: what questions are asked with, what regions come as, what the answer reads. */
export const stateOf = ({streams, form}: Pick<NamedStack, 'streams' | 'form'>): number | null =>
  commonest(
    streams.flatMap(({projection, hops}) => [
      ...hops.flatMap((hop) => [hop && sizesOf(hop.ask, form)?.[0], hop && sizesOf(hop.look, form)?.[0]]),
      sizesOf(projection, form)?.[1]
    ])
  )

/** Numbers in a hop's latent states, one per item. */
export const widthOf = (hop: Readonly<Record<'look' | 'ask' | 'point', NamedLayer>>, form: NamedStack['form']) =>
  commonest([sizesOf(hop.look, form)?.[1], sizesOf(hop.ask, form)?.[1], sizesOf(hop.point, form)?.[0]])

/** What the answer of a latent stack reads: the state, and the latent states of the last hop. */
export const wideOf = ({streams, form}: Pick<NamedStack, 'streams' | 'form'>): number =>
  streams.reduce((sum, {hops}) => {
    const last = hops.at(-1)
    return sum + ((last && widthOf(last, form)) ?? 0)
  }, stateOf({streams, form}) ?? 0)

/** Whether latent states are carried on, or read by the answer. */
export function isLatentStack(stack: Pick<NamedStack, 'streams' | 'form' | 'answer'>): boolean {
  const carries = stack.streams.some(({hops}) => hops.some((hop) => hop?.carry.weight !== undefined))
  return carries || sizesOf(stack.answer, stack.form)?.[0] === wideOf(stack)
}

const readBy = (latent: boolean, state: number | null, wide: number | null): Need =>
  latent
    ? {size: wide, because: `the state and the latent states of the last hop give ${numeral(wide ?? 0)}`}
    : {size: state, because: `the state gives ${numeral(state ?? 0)}`}

/** What most say, and of two said as often what was said first. */
function commonest(sizes: readonly (number | undefined)[]): number | null {
  const counts = new Map<number, number>()
  for (const size of sizes) if (size) counts.set(size, (counts.get(size) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return [...counts].find(([, count]) => count === most)?.[0] ?? null
}

/** How a sentence calls the weight of a layer: as its file does, else as it would have to. */
const nameOf = ({key, weight}: NamedLayer) => shortKey(weight?.key ?? key)

function ofLayer(
  where: string,
  layer: NamedLayer,
  form: NamedStack['form'],
  needs: readonly [inputs: Need, outputs: Need]
): StackComplaint[] {
  const {weight, bias, role} = layer
  const one = (text: string, part: StackComplaint['part'] = 'weight', kind: StackComplaint['kind'] = 'disagrees') => [
    {role, where, kind, part, text}
  ]
  // Weights of the released code are (in, out).
  const [axes, inAxes] = [['rows', 'columns'], form === 'released' ? needs : [needs[1], needs[0]]] as const
  const needed = `(${inAxes.map(({size}) => size ?? 'any').join(', ')}) is needed`
  const name = nameOf(layer)
  if (!weight) return one(`${name} is absent; ${needed}`, 'weight', 'absent')
  const {shape} = weight.entry
  if (shape.length !== 2 || sizeOf(shape) === 0) return one(`${name} is ${shapeText(shape)}; ${needed}`)
  const wrong = inAxes.flatMap(({size, because}, axis) =>
    size === null || size === shape[axis] ? [] : [`${plural(shape[axis]!, axes[axis]!.slice(0, -1))}, ${because}`]
  )
  if (wrong.length > 0) return one(`${name} ${shapeText(shape)} has ${wrong.join(', and ')}`)
  const outputs = sizesOf(layer, form)![1]
  return bias && sizeOf(bias.entry.shape) !== outputs
    ? one(
        `${shortKey(bias.key)} has ${plural(sizeOf(bias.entry.shape), 'number')}, ${name} gives ${numeral(outputs)}`,
        'bias'
      )
    : []
}

/** The layers of a stack, in the order of its hops. */
export const layersOf = ({
  streams,
  answer
}: Pick<NamedStack, 'streams'> & {readonly answer?: NamedLayer}): NamedLayer[] => [
  ...streams.flatMap(({projection, hops}) => [
    projection,
    ...hops.flatMap((hop) => (hop ? hopLayers.map((layer) => hop[layer]) : []))
  ]),
  ...(answer ? [answer] : [])
]
