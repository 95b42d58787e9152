import type {Parameter} from './parameterNames'

/**
 * What makes a question vector of words: the LSTM or the convolutions of the code released with SAN (imageqa-san), whose
 * weights are (in, out), or a `torch.nn.LSTM`.
 */
export const encoderKinds = ['released-lstm', 'released-convolutions', 'torch-lstm'] as const
export type EncoderKind = (typeof encoderKinds)[number]

/** The tensors of each kind, by the ends of their roles. A bias may be absent. */
export const encoderParts = {
  'released-lstm': ['input weight', 'state weight', 'bias'],
  'released-convolutions': [
    'unigram weight',
    'unigram bias',
    'bigram weight',
    'bigram bias',
    'trigram weight',
    'trigram bias'
  ],
  'torch-lstm': ['LSTM input weight', 'LSTM state weight', 'LSTM input bias', 'LSTM state bias']
} as const satisfies Record<EncoderKind, readonly string[]>

export type EncoderPart = (typeof encoderParts)[EncoderKind][number] | 'embedding'

/** `question encoder bias` */
export const encoderRole = (part: EncoderPart): string => `${encoderAt} ${part}`

/** How a complaint about it begins, and what it is called among the parts of a model. */
export const encoderAt = 'question encoder'

/** A question encoder as a file holds it beside a stack. */
export interface NamedEncoder {
  readonly kind: EncoderKind
  /** What fills its roles; nothing where it cannot run. */
  readonly parts: ReadonlyMap<EncoderPart, Parameter>
  /** Shapes that do not fit, and what is absent or another encoder, as sentences that begin with `question encoder`. */
  readonly disagreements: readonly string[]
  readonly missing: readonly string[]
  /** How it reads, where its file says so: the options of the released code. */
  readonly options: EncoderOptions
}

export interface EncoderOptions {
  readonly questionOrder?: 'forward' | 'backward'
  readonly lstmOutput?: 'cell' | 'tanh'
}

/**
 * How an encoder reads where neither its file nor a person says so: as san_att_lstm_twolayer.py and
 * san_att_conv_twolayer.py of imageqa-san train theirs, and as torch.nn.LSTM computes.
 */
export const usualOptions: Readonly<Record<EncoderKind, Required<EncoderOptions>>> = {
  'released-lstm': {questionOrder: 'backward', lstmOutput: 'cell'},
  'released-convolutions': {questionOrder: 'forward', lstmOutput: 'tanh'},
  'torch-lstm': {questionOrder: 'forward', lstmOutput: 'tanh'}
}
