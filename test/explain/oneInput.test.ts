import {readFileSync} from 'node:fs'
import {expect, it} from 'vitest'
import {grid} from '@/lib/core/grid'
import {layerImportances} from '@/lib/explain/importance'
import {decodeExplanation} from '@/lib/explain/json'
import {oneInput} from '@/lib/explain/oneInput'
import {axesOf} from './maps'

const explanation = decodeExplanation(readFileSync('public/examples/digits/explanation.json', 'utf8'))
const axes = axesOf(explanation.axes!.rows, explanation.axes!.cols, 4)
const leader = explanation.layers.find(({rank}) => rank === 1)!.layer

/** A map whose rows are what `level` says. */
const mapOf = (level: (row: number) => number) =>
  Float64Array.from({length: axes.rows * axes.cols}, (_, i) => {
    const row = Math.floor(i / axes.cols)
    return level(row) + (i % axes.cols) * 1e-4
  })

function read(trained: (row: number) => number, untrained: (row: number) => number) {
  const density = mapOf(trained)
  const twin = mapOf(untrained)
  const layers = layerImportances({axes, density, untrained: twin, meanAbsZ: null})
  return {density: gridOf(density), untrained: gridOf(twin), layers, signal: explanation.signal}
}

const gridOf = (values: ArrayLike<number>) => grid(axes.rows, axes.cols, Float32Array.from(values))

const peakAt = (row: number) => (at: number) => 0.5 + (at === row ? 0.3 : 0.01 * at)

it('puts one input’s own maps, scale, signal and ranking where those of the checkpoint’s inputs stand', () => {
  const input = read(peakAt(6), peakAt(2))
  const one = oneInput(explanation, input)
  expect(one.density).toBe(input.density)
  expect(one.layers).toBe(input.layers)
  expect(one.scale![0]).toBeCloseTo(0.5, 5)
  expect(Math.max(...one.importance!.values)).toBe(1)
  expect(one.nullDensity).toBe(input.untrained)
  expect(one.signal).toBe(input.signal)
  expect(one).toMatchObject({model: explanation.model, heads: explanation.heads})
  expect(one.densityVariance).toBeUndefined()
})

const mapAt = (level: number) => gridOf(new Float32Array(axes.rows * axes.cols).fill(level))

it('brings the axes of a checkpoint that was explained without inputs, and changes none that are known', () => {
  const own = {rows: axes.rows, cols: axes.cols, rowName: 'block', colName: 'cell'}
  const input = {...read(peakAt(6), peakAt(2)), axes: own}
  expect(oneInput(explanation, input).axes).toBe(explanation.axes)
  const alone = oneInput({...explanation, axes: null}, input)
  expect(alone.axes).toBe(own)
  expect(alone.finding.title).toBe('This input alone: block 7 leads; untrained, block 3 would')
})

it('says that this ranking is one input’s and not the checkpoint’s, and what leads in each', () => {
  const {finding} = oneInput(explanation, read(peakAt(6), peakAt(2)))
  expect(finding.title).toBe('This input alone: layer 7 leads; untrained, layer 3 would')
  expect(finding.caveat).toContain(
    `One input’s ranking is not the checkpoint’s: over its 100 inputs layer ${leader + 1} leads.`
  )
  expect(finding.caveat).toMatch(/Untrained, its layers rank differently \(r = /)
  expect(finding.caveat).toContain(finding.strong!)
})

it('says so when the untrained module puts the same layer first', () => {
  const {finding} = oneInput(explanation, read(peakAt(6), peakAt(6)))
  expect(finding.title).toBe('This input alone: layer 7 leads, and would without training')
})

it('names no leader of a constant map', () => {
  const density = mapAt(0.5)
  const one = oneInput(explanation, {density, untrained: density, layers: [], signal: null})
  expect(one.finding.title).toBe('This input alone: no layer leads, its map is constant')
  expect(one).toMatchObject({importance: null, scale: null, agreement: null})
})

it('names no leader of a map that is not finite', () => {
  const one = oneInput(explanation, {density: mapAt(NaN), untrained: mapAt(0.5), layers: [], signal: null})
  expect(one.finding.title).toBe('This input alone: no layer leads, its map is not finite')
})
