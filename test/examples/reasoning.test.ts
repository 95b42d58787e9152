import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {decodeExplanation} from '@/lib/explain/json'
import type {ExampleCard} from '@/lib/state/session'

describe.each([
  ['reasoning', ['entropy', 'content-gradient', 'latent-gradient']],
  ['reasoning-san', ['entropy', 'content-gradient']]
])('the shipped explanation of %s', (id, measures) => {
  const folder = `public/examples/${id}`
  const card: ExampleCard = JSON.parse(readFileSync(`${folder}/card.json`, 'utf8'))
  const explanation = decodeExplanation(readFileSync(`${folder}/${card.explanation}`, 'utf8'))
  const sha256 = (name: string) =>
    createHash('sha256')
      .update(readFileSync(`${folder}/${name}`))
      .digest('hex')

  it('is read from the files that are shipped', () => {
    expect(explanation.provenance.checkpoint.sha256).toBe(sha256(card.checkpoint))
    expect(explanation.provenance.inputs.map((file) => file.sha256)).toEqual(card.inputs.map(sha256))
  })

  it('has three hops over nine regions, each hop with as much attention as the others, and its measures', () => {
    expect(explanation.axes).toMatchObject({rows: 3, cols: 9, rowName: 'hop', plane: {height: 3, width: 3}})
    for (const layer of explanation.layers) {
      expect(layer.share).toBeCloseTo(1 / 3, 6)
      expect(layer.rank).toBe(1)
    }
    expect(explanation.agreement).toBeNull()
    expect(explanation.measures?.map((measure) => measure.id)).toEqual(measures)
  })

  it('answers as many questions rightly as PyTorch did', () => {
    const right = explanation.samples.filter(
      ({logits, label}) => logits !== null && logits.indexOf(Math.max(...logits)) === label
    )
    expect(card.about.join('\n')).toContain(
      `Of the ${explanation.samples.length} inputs ${right.length} are answered rightly`
    )
    expect(card.questions).toHaveLength(explanation.samples.length)
  })
})
