import '@/app/styles/tokens.css'
import '@/app/styles/figure.css'
import '@/app/styles/whatIf.css'
import {expect, it, onTestFinished} from 'vitest'
import {loadEditHandles} from '@/components/figure/editHandlesLater'
import {openFigure} from '@/components/figure/openFigure'
import {createEdits} from '@/lib/state/edits'
import {createLens} from '@/lib/state/lens'
import {syntheticExplanation} from '../fixtures/explanations'
import {scriptedSession} from './scriptedSession'

it('a figure of more rows than lines has handles too, and a merged row is struck through once all of it is masked', async () => {
  await loadEditHandles()
  const explanation = await syntheticExplanation({layers: 128, resamples: 0, classes: 3})
  const {session} = scriptedSession({explanation})
  const edits = createEdits({
    session,
    engine: {whatIf: () => new Promise(() => {}), saveEdited: async () => new Uint8Array()}
  })
  const lens = createLens()
  const root = document.body.appendChild(document.createElement('div'))
  root.className = 'figure'
  const figure = openFigure(root, lens)
  onTestFinished(() => {
    figure.close()
    root.remove()
  })
  const size = {width: 1232, height: 700}
  const show = () =>
    figure.show({explanation, partial: false, theme: 'light', sampleMap: null, sumUp: null, device: null, edits, size})
  show()
  const labels = () => [...root.querySelectorAll('.gaussian-handle')].map(({ariaLabel}) => ariaLabel)
  const heads = explanation.heads.length
  expect(labels()).toHaveLength(2 * heads)
  lens.getState().pin(127)
  expect(labels()).toEqual([`Offset of head ${heads}, all 64 features`, `Spread of head ${heads}, all 64 features`])
  edits.getState().toggleMask('layer', 126)
  show()
  expect(root.querySelectorAll('.masks line')).toHaveLength(0)
  edits.getState().toggleMask('layer', 127)
  show()
  expect(root.querySelectorAll('.masks line')).not.toHaveLength(0)
})
