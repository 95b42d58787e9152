import {expect, it} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import {decodeRecord, encodeRecord, type Plan, wholePlan} from '@/lib/share/record'
import {reproduced, verdictText} from '@/lib/share/reproduce'
import {example} from './explanations'

const record = async (plan: Plan = wholePlan) =>
  decodeRecord(await encodeRecord({explanation: example('digits'), view: null, plan}))

/** The density map with one cell moved. */
function moved(by: number): Explanation {
  const explanation = example('digits')
  const values = explanation.density!.values.slice()
  values[17]! += by
  return {...explanation, density: {...explanation.density!, values}}
}

it('the same numbers are reproduced', async () => {
  expect(reproduced(await record(), example('digits'))).toEqual({kind: 'reproduced', share: 0, sameFile: true})
})

it('rounded maps are reproduced within the error that they state', async () => {
  const verdict = reproduced(await record({density: 'u8', gaussians: 'u8'}), example('digits'))
  expect(verdict).toMatchObject({kind: 'reproduced'})
})

it('a cell further off than backends differ is found, and said by how much', async () => {
  const verdict = reproduced(await record(), moved(0.002))
  expect(verdict).toMatchObject({kind: 'differs', what: 'the density map'})
  expect(verdictText(verdict)).toMatch(/^Differs by 0.002 in the density map; 0.000\d+ is allowed there\.$/)
})

it('a rounded map allows no more than its error', async () => {
  const rounded = await record({density: 'u8'})
  const {error} = rounded.errors.find(({part}) => part === 'density')!
  expect(reproduced(rounded, moved(error / 2 - 0.0005)).kind).toBe('reproduced')
  expect(reproduced(rounded, moved(3 * error)).kind).toBe('differs')
})

it('NaN where there was a number is no reproduction', async () => {
  expect(reproduced(await record(), moved(Number.NaN)).kind).toBe('differs')
})

it('a checkpoint of another SHA-256 is not the same file, whatever its numbers', async () => {
  const fresh = example('digits')
  const other = {...fresh.provenance.checkpoint, name: 'other.pth', sha256: 'f'.repeat(64)}
  const verdict = reproduced(await record(), {...fresh, provenance: {...fresh.provenance, checkpoint: other}})
  expect(verdict).toMatchObject({kind: 'other-file', found: other})
  expect(verdictText(verdict)).toMatch(/^Not the same file: other.pth has SHA-256 f+; .* from d69b/)
})

it('another ranking is found', async () => {
  const fresh = example('digits')
  const layers = fresh.layers.map((layer, i) => (i === 3 ? {...layer, density: layer.density * 1.01} : layer))
  expect(reproduced(await record({}), {...fresh, layers})).toMatchObject({what: 'density of the rows'})
})
