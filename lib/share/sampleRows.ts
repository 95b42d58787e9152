import {FormatError} from '@/lib/core/errors'
import type {SampleSummary} from '@/lib/explain/explanation'
import type {ByteReader} from './byteReader'
import {byteWriter} from './byteWriter'
import {type Precision, readNumbers, writeNumbers} from './numbers'

const has = {logits: 1, probabilities: 2} as const

/** Inputs by name with labels and predictions; a label that is absent is 0, the others are one more than they are. */
export function sampleBytes(samples: readonly SampleSummary[], precision: Precision): Uint8Array {
  const to = byteWriter()
  to.varint(samples.length)
  for (const {name, label, logits, probabilities} of samples) {
    to.text(name)
    to.varint(label === null ? 0 : label + 1)
    to.u8((logits ? has.logits : 0) | (probabilities ? has.probabilities : 0))
  }
  for (const values of [allOf(samples, 'logits'), allOf(samples, 'probabilities')]) {
    writeNumbers(to, values, {precision})
  }
  return to.finish()
}

/** The inputs back. Throws FormatError where predictions do not share out evenly. */
export function readSamples(from: ByteReader): readonly SampleSummary[] {
  const rows: {name: string; label: number | null; flags: number}[] = []
  const count = from.varint()
  for (let i = 0; i < count; i++) rows.push({name: from.text(), label: labelOf(from.varint()), flags: from.u8()})
  const logits = shares(readNumbers(from).values, rows.filter(({flags}) => flags & has.logits).length)
  const probabilities = shares(readNumbers(from).values, rows.filter(({flags}) => flags & has.probabilities).length)
  return rows.map(({name, label, flags}) => ({
    name,
    label,
    logits: flags & has.logits ? logits() : null,
    probabilities: flags & has.probabilities ? probabilities() : null
  }))
}

const labelOf = (written: number): number | null => (written === 0 ? null : written - 1)

const allOf = (samples: readonly SampleSummary[], key: 'logits' | 'probabilities'): Float32Array =>
  Float32Array.from(samples.flatMap((sample) => [...(sample[key] ?? [])]))

function shares(values: Float32Array, among: number): () => number[] {
  const each = among === 0 ? 0 : values.length / among
  if (!Number.isInteger(each) || !values.every(Number.isFinite)) {
    throw new FormatError(`share: found ${values.length} predictions of ${among} inputs; needed as many for each`)
  }
  let next = 0
  return () => Array.from(values.subarray(each * next, each * ++next))
}
