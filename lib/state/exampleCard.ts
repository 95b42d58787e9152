import type {ExplainRequest, Openable, SamplePictures} from '@/lib/engine/protocol'

/** A shipped example, as its card in public/examples/<id>/card.json describes it. */
export interface ExampleCard {
  readonly id: string
  readonly title: string
  /** "12 layers × 64, vision transformer" */
  readonly summary: string
  /** How it was made, accuracy, seed, counts: paragraphs. */
  readonly about: readonly string[]
  readonly checkpoint: string
  readonly inputs: readonly string[]
  /** The frozen encoder that made the inputs, where the example reads raw ones: drawn, spoken or typed. */
  readonly encoder?: string
  /** Sounds to try it with, one per class. */
  readonly clips?: readonly string[]
  /** Texts to try it with, one per class. */
  readonly texts?: readonly string[]
  /** What each input asks, in words, where inputs are questions. */
  readonly questions?: readonly string[]
  /** The sound of each input, in their order, where they were made from sounds. */
  readonly sounds?: readonly string[]
  /** The seconds of each sound that its input stands for; without, the whole of it. */
  readonly stretch?: readonly [from: number, to: number]
  /** Precomputed by the command line. */
  readonly explanation: string
  readonly classes: readonly string[]
  /** Bytes of checkpoint and inputs together. */
  readonly bytes: number
  /** base64 of (count, height, width) bytes, 0 paper to 255 ink. */
  readonly pictures: {
    readonly count: number
    readonly width: number
    readonly height: number
    readonly values: string
  } | null
}

/** What an input asks, as a sentence; null where inputs are no questions. */
export const questionOf = (card: ExampleCard | null, index: number): string | null =>
  card?.questions?.[index]?.trim().replace(/\s+(?=\?$)/, '') || null

/** What the engine is asked for an example. */
export function requestOf(card: ExampleCard): ExplainRequest {
  return {
    checkpoint: openableOf(card, card.checkpoint),
    inputs: card.inputs.map((path) => openableOf(card, path)),
    settings: {},
    classes: card.classes
  }
}

/** The encoder that an example reads raw inputs with; null where it has none. */
export const encoderOf = (card: ExampleCard): Openable | null =>
  card.encoder === undefined ? null : openableOf(card, card.encoder)

const openableOf = (card: ExampleCard, path: string): Openable => ({
  kind: 'address',
  name: path.slice(path.lastIndexOf('/') + 1),
  url: addressOf(card, path)
})

/** Where a file of an example is served: a card names its files beside itself, or from the root of the site. */
export const addressOf = ({id}: ExampleCard, path: string) => (path.startsWith('/') ? path : `/examples/${id}/${path}`)

/** The pictures of its inputs, as the card carries them. */
export function picturesOf({pictures}: ExampleCard): SamplePictures | null {
  if (!pictures) return null
  return {...pictures, values: Uint8Array.from(atob(pictures.values), (character) => character.charCodeAt(0))}
}
