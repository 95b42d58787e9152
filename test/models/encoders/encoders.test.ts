import {describe, expect, it} from 'vitest'
import {loadEncoder} from '@/lib/models/encoders/encoder'
import {archiveOf, encoderCases, fixtures} from './encoders.cases'

encoderCases('wasm')
encoderCases('cpu')

describe('an encoder that cannot run says so', () => {
  const [patches, , tokens] = fixtures as [(typeof fixtures)[0], (typeof fixtures)[0], (typeof fixtures)[0]]
  const described = (changes: Readonly<Record<string, unknown>>) =>
    loadEncoder(archiveOf({...patches, description: {...patches.description, ...changes}}))

  it('without a description', async () => {
    const {tensors} = patches
    await expect(loadEncoder(archiveOf({tensors, description: null as never}))).rejects.toThrow(/no JSON object/)
  })

  it.each([
    ['another version', {version: 2}, /found version 2; needed 1/],
    ['heads that do not divide the features', {heads: 5}, /found heads 5; needed a divisor of features/],
    ['a norm nobody knows', {norm: 'sandwich'}, /found norm "sandwich"; needed pre or post/],
    ['more blocks than it holds', {blocks: 4}, /found no blocks\.3\.norm1\.weight; needed one of \(12\)/],
    ['more blocks than anyone has', {blocks: 1e9}, /found blocks 1000000000; needed a count up to 512/],
    ['another width', {features: 9, heads: 3}, /found embed\.weight of \(12, 9\); the description needs \(9, 9\)/],
    ['an input nobody knows', {input: {kind: 'smell'}}, /needed patches, a waveform or tokens with their sizes/]
  ])('%s', async (_, changes, sentence) => {
    await expect(described(changes)).rejects.toThrow(sentence)
  })

  it('a tokenizer outside its folder', async () => {
    const description = {...tokens.description, input: {...(tokens.description.input as object), tokenizer: '../../x'}}
    await expect(loadEncoder(archiveOf({...tokens, description}))).rejects.toThrow(
      /needed patches, a waveform or tokens/
    )
  })

  it('inputs of another size', async () => {
    const encoder = await loadEncoder(archiveOf(patches))
    await expect(encoder.states([{values: new Float32Array(5)}])).rejects.toThrow(
      'the encoder takes a picture of (1, 6, 9); found 5 values'
    )
    encoder.dispose()
  })

  it('tokens beyond the vocabulary, and none at all', async () => {
    const encoder = await loadEncoder(archiveOf(tokens))
    await expect(encoder.states([{ids: [3, 23]}])).rejects.toThrow('token ids from 0 to 22; found 23')
    await expect(encoder.states([{ids: []}])).rejects.toThrow('token ids from 0 to 22; found none')
    encoder.dispose()
  })
})
