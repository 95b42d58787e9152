import {expect, it} from 'vitest'
import {helpWords} from '@/lib/views/helpWords'
import {boards, spectrograms} from '../fixtures/planes'
import {example} from '../share/explanations'

const digits = example('digits')
const keysOf = (explanation: Parameters<typeof helpWords>[0]) =>
  Object.fromEntries(helpWords(explanation).keys.map(([key, does]) => [key, does]))

it('help on density attention, or before anything is open, speaks of Gaussians, heads and edits', () => {
  expect(helpWords(digits)).toEqual(helpWords(null))
  expect(keysOf(null)).toMatchObject({
    'Page Up Page Down': 'head by head',
    'M H F': 'mask the layer, its head or the feature'
  })
  expect(helpWords(null).planeKeys).toEqual([])
})

it('help on attention over places speaks of what that figure has, and of no Gaussian, head or edit', async () => {
  const explanation = await boards()
  const {lede, panels, planeKeys} = helpWords(explanation)
  expect(lede).toContain('stacked latent attention')
  expect(panels.map(([letter, name]) => `${letter} ${name}`)).toEqual([
    'a Importance Factor',
    'b Learned part',
    'c Attention',
    'd Measures',
    'e Signal'
  ])
  expect(panels[3]![2]).toContain('entropy of attention')
  expect(keysOf(explanation)).toMatchObject({
    '↑ ↓': 'hop up, hop down',
    '← →': 'region by region',
    O: 'order of the hops'
  })
  const text = JSON.stringify([panels, helpWords(explanation).keys])
  expect(text).not.toMatch(/Gaussian|head|edit|mask|brush|layer/)
  expect(planeKeys.map(([key]) => key)).toEqual(['Arrows', 'Page Up Page Down'])
})

it('a span of time is brushed where the input has time', async () => {
  expect(helpWords(await spectrograms()).planeKeys.map(([key]) => key)).toContain('Shift ← →')
})
