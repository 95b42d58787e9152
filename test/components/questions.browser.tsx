import {beforeAll, expect, it} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import {syntheticExplanation} from '../fixtures/explanations'
import {press, renderShell, the} from './renderShell'
import {exampleCard} from './scriptedSession'

let explanation: Explanation
beforeAll(async () => {
  const made = await syntheticExplanation({resamples: 20})
  const probabilities = [0.05, 0.6, 0.05, 0.1, 0.1, 0.1]
  explanation = {
    ...made,
    model: {...made.model, classes: ['1', '2', '3', '4', 'yes', 'no']},
    samples: made.samples.map((sample) => ({...sample, label: 4, probabilities}))
  }
})

const questions = ['which digit is right of the 7 ?', 'is the digit below the 3 even ?']
const radio = (index: number) => document.querySelectorAll<HTMLInputElement>('.tile input')[index]!

it('an input that is a question is named by it, in its tile and over its prediction', async () => {
  const {lens} = await renderShell({explanation, example: {...exampleCard, questions}})
  expect(radio(0).ariaLabel).toBe('Input 1, which digit is right of the 7?, predicted 2, wrong, labelled yes')
  expect(radio(1).closest('label')!.title).toContain('is the digit below the 3 even?')
  await press(radio(1))
  expect(lens.getState().sample).toBe(1)
  expect(the('.prediction .asked').textContent).toBe('is the digit below the 3 even?')
  // Fewer bars make room for it; the label is among them.
  expect([...document.querySelectorAll('.prediction .bars tbody th')].map((th) => th.firstChild!.textContent)).toEqual([
    '2',
    '4',
    'yes',
    'no'
  ])
  expect(the('.prediction').scrollHeight).toBeLessThanOrEqual(the('.prediction').clientHeight)
})

it('an input without a question keeps the name it came under', async () => {
  await renderShell({explanation, example: {...exampleCard, questions: []}})
  await press(radio(2))
  expect(radio(2).ariaLabel).toContain(explanation.samples[2]!.name)
  expect(document.querySelector('.prediction .asked')).toBeNull()
})
