import type {Parameter} from './parameterNames'
import type {NamedEncoder} from './questionLayout'

/**
 * The linear layers of one stream's hop: what looks at the items, what asks with the state, what carries the latent
 * states of the hop before on (only stacked latent attention has one), and what points at items.
 */
export const hopLayers = ['look', 'ask', 'carry', 'point'] as const
export type HopLayer = (typeof hopLayers)[number]

export const streamNames = ['regions', 'words'] as const
export type StreamName = (typeof streamNames)[number]

/** As the paper of SAN has it, or as the code released with it has it, whose weights are (in, out). */
export type StackForm = 'paper' | 'released'

/** One linear layer as a file holds it. */
export interface NamedLayer {
  readonly role: string
  /** The name of its weight; where it is absent the one that it would have. */
  readonly key: string
  readonly weight: Parameter | undefined
  readonly bias: Parameter | undefined
}

/** What looks at regions, or at words: both are built alike. */
export interface NamedStream {
  readonly name: StreamName
  readonly projection: NamedLayer
  /** Undefined where a list skips a number. */
  readonly hops: readonly (Readonly<Record<HopLayer, NamedLayer>> | undefined)[]
}

/** Stacked attention as a file holds it. */
export interface NamedStack {
  readonly form: StackForm
  readonly at: string
  readonly streams: readonly NamedStream[]
  readonly answer: NamedLayer
  /** What makes question vectors of words; null where the file has nothing of the kind. */
  readonly encoder: NamedEncoder | null
  /** Whether latent states are carried on. */
  readonly latent: boolean
}

/** `hop 0 regions look` */
export const hopRole = (hop: number, stream: StreamName, layer: HopLayer): string => `hop ${hop} ${stream} ${layer}`
export const projectionRole = (stream: StreamName): string => `${stream} projection`
export const answerRole = 'answer'

export function stackTitle({form, latent, streams}: Pick<NamedStack, 'form' | 'latent' | 'streams'>): string {
  const name = latent ? 'stacked latent attention, a reconstruction' : 'stacked attention'
  return `${name}${streams.length > 1 ? ', two streams' : ''}${form === 'released' ? released : ''}`
}

const released = ', as in the released code'

/** What a title of ours says of the module. */
export const formOf = (title: string): StackForm => (title.endsWith(released) ? 'released' : 'paper')
export const isLatent = (title: string): boolean => title.startsWith('stacked latent')

/** (in, out) of a weight, whichever way round its file has them; null unless it has two axes. */
export function sizesOf(layer: NamedLayer, form: StackForm): readonly [inputs: number, outputs: number] | null {
  const shape = layer.weight?.entry.shape
  if (shape?.length !== 2) return null
  const [first, second] = shape as [number, number]
  return form === 'released' ? [first, second] : [second, first]
}
