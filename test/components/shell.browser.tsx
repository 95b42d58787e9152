import {act} from 'react'
import {beforeAll, expect, it} from 'vitest'
import type {Progress} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import {syntheticExplanation} from '../fixtures/explanations'
import {button, key, press, renderShell, the} from './renderShell'
import {blockQuestions, exampleCard, layoutQuestion, strangeReport} from './scriptedSession'

let explanation: Explanation
beforeAll(async () => {
  explanation = await syntheticExplanation({resamples: 20})
})

const working = (progress: Progress | null = null) =>
  ({kind: 'working', name: 'large.pth', progress, visible: true}) as const
const partial = (): Progress => ({
  phase: 'running',
  done: 10,
  total: 40,
  unit: 'inputs',
  text: '10 of 40 inputs through 4 heads',
  partial: {...explanation}
})
const trouble = {
  title: 'No density attention in probe.pth',
  message: 'None is called mean_offset beside a c of the same shape, (1, features).',
  after: 'Your figure is unchanged.',
  report: strangeReport
}

it('the finding is the title, and the strong part of the caveat is bold', async () => {
  await renderShell({explanation})
  expect(the('h1').textContent).toBe(explanation.finding.title)
  expect(the('.caveat').textContent).toContain(explanation.finding.caveat)
  expect(the('.caveat b').textContent).toBe(explanation.finding.strong)
})

it('the bar names the file, its size and its inputs', async () => {
  await renderShell({explanation})
  expect(the('.bar-file').textContent).toContain('synthetic-12x64.pth')
  expect(the('.bar-file').textContent).toContain('12 × 64, 4 heads')
  expect(the('.bar-inputs').textContent).toContain('40 inputs')
})

it('a backend that is not the fast one says why without being asked', async () => {
  const reason = 'WASM, because this WebGPU adapter is software and slower'
  await renderShell({explanation, backend: {name: 'wasm', adapter: null, software: false, reason}})
  expect(the('.bar-engine').textContent).toBe('WASM·this WebGPU adapter is software and slower')
})

const gpu = {name: 'webgpu', adapter: 'acme one', software: false, reason: 'WebGPU on acme one'} as const

it('the backend tells how much of the GPU it uses', async () => {
  await renderShell({explanation, backend: {...gpu, memory: {bytes: 1_600_000, peak: 58_200_000}}})
  await press(the('.bar-engine'))
  expect(the('.note').textContent).toContain('On the GPU: 1.6\u00a0MB now, 58.2\u00a0MB at most for this figure.')
})

it('a backend that counts nothing on a GPU claims nothing', async () => {
  await renderShell({explanation, backend: gpu})
  await press(the('.bar-engine'))
  expect(the('.note').textContent).toContain('Adapter: acme one')
  expect(the('.note').textContent).not.toContain('On the GPU')
})

it('with nothing open the mechanism is named in full and examples are offered', async () => {
  const {asked} = await renderShell({examples: [exampleCard]})
  expect(the('.caveat').textContent).toContain('Density Adaptive Attention Mechanism (DAAM)')
  await press(the('.example'))
  expect(asked).toEqual([['openExample', exampleCard]])
})

it('the reading follows the pointed-at row and goes back to the pinned one', async () => {
  const {lens} = await renderShell({explanation})
  const first = explanation.layers.find(({rank}) => rank === 1)!
  expect(the('.reading h2').textContent).toBe(`Layer ${first.layer + 1}`)
  lens.getState().pin(4)
  lens.getState().point(7)
  expect([the('.reading h2').textContent, the('.reading').dataset.state]).toEqual(['Layer 8', 'hover'])
  lens.getState().point(null)
  expect([the('.reading h2').textContent, the('.reading').dataset.state]).toEqual(['Layer 5', 'pinned'])
  await press(button('Let go'))
  expect(lens.getState().pinned).toBeNull()
})

it('the reading stops listening when it is taken away', async () => {
  const {lens, leave} = await renderShell({explanation})
  const reading = the('.reading')
  await leave()
  lens.getState().point(7)
  expect(reading.querySelector('h2')!.textContent).not.toBe('Layer 8')
})

it('a row reached by keyboard is said, a row under the pointer is not', async () => {
  const {lens} = await renderShell({explanation})
  const said = () => the('[aria-live]').textContent
  dispatchEvent(new PointerEvent('pointermove'))
  lens.getState().point(2)
  await new Promise((done) => setTimeout(done, 350))
  expect(said()).toBe('')
  await key('F8')
  lens.getState().point(3)
  await expect.poll(said).toMatch(/^Layer 4, head 2\. Importance/)
})

it('trouble is an alert that stays until it is dismissed', async () => {
  const {asked} = await renderShell({explanation, trouble})
  const alert = the('[role=alert]')
  expect(alert.textContent).toContain('Your figure is unchanged.')
  expect([...alert.querySelectorAll('code')].map((code) => code.textContent)).toEqual([
    'probe.pth',
    'mean_offset',
    '(1, features)'
  ])
  await press(button('Dismiss'))
  expect(asked).toEqual([['dismissTrouble']])
  expect(alert.textContent).toBe('')
})

it('an unrecognised file shows its tensors and what was looked for', async () => {
  await renderShell({trouble})
  await press(button('Show all tensors'))
  const dialog = the('dialog')
  expect(dialog.textContent).toContain('Each head needs mean_offset beside a c of the same shape.')
  expect(dialog.textContent).toContain('The nearest pair is pool.mu and pool.var')
  const tab = [...dialog.querySelectorAll<HTMLElement>('.choice label')].find((l) => l.textContent === 'Tensors')!
  await press(tab)
  const tensors = () => [...dialog.querySelectorAll('[role=treeitem]:not([aria-expanded])')]
  expect(tensors()).toHaveLength(3)
  const search = the<HTMLInputElement>('dialog input[type=search]')
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(search, 'pool')
    search.dispatchEvent(new Event('input', {bubbles: true}))
  })
  expect(tensors()).toHaveLength(2)
})

it('work shows its progress and Cancel once it is visible, and Escape stops it', async () => {
  const {session, asked} = await renderShell({explanation})
  await act(async () => session.setState({work: {...working(), visible: false}}))
  expect(document.querySelector('progress')).toBeNull()
  await act(async () => session.setState({work: working(partial())}))
  expect(the('h1').textContent).toBe('Reading large.pth')
  expect(the<HTMLProgressElement>('progress').position).toBe(0.25)
  expect(the('.prediction').textContent).toContain('Follows when the last input is in')
  await key('Escape')
  expect(asked).toEqual([['cancel']])
})

it('Escape lets go of a pin before it stops the work', async () => {
  const {lens, asked} = await renderShell({explanation, work: working(partial())})
  lens.getState().pin(2)
  await key('Escape')
  expect([lens.getState().pinned, asked.length]).toEqual([null, 0])
})

it('an example that is only repeated here keeps its title, and can be cancelled in the bar', async () => {
  const work = {...working(), name: exampleCard.title}
  const {asked} = await renderShell({explanation, example: exampleCard, work})
  expect(the('h1').textContent).toBe(explanation.finding.title)
  await press(the('.bar-live .link'))
  expect(asked).toEqual([['cancel']])
})

it('files dropped anywhere are opened, and the band shows only while they hang', async () => {
  const {asked} = await renderShell({explanation})
  const dataTransfer = new DataTransfer()
  const file = new File(['x'], 'a.pth')
  dataTransfer.items.add(file)
  const drag = (type: string) =>
    act(async () => {
      document.body.dispatchEvent(new DragEvent(type, {dataTransfer, bubbles: true, cancelable: true}))
    })
  await drag('dragenter')
  expect(the('.drop-overlay').textContent).toBe('Drop to open')
  await drag('dragleave')
  expect(document.querySelector('.drop-overlay')).toBeNull()
  await drag('dragenter')
  await drag('drop')
  expect(document.querySelector('.drop-overlay')).toBeNull()
  expect(asked).toEqual([['openFiles', [file]]])
})

it('text dragged over the window is none of our business', async () => {
  await renderShell({explanation})
  const dataTransfer = new DataTransfer()
  dataTransfer.setData('text/plain', 'words')
  const event = new DragEvent('dragover', {dataTransfer, bubbles: true, cancelable: true})
  document.body.dispatchEvent(event)
  expect(event.defaultPrevented).toBe(false)
})

it('when both readings of an input fit, one is chosen or the file is let go', async () => {
  const {session, asked} = await renderShell({explanation, question: layoutQuestion})
  await press(the('dialog label:nth-of-type(2) input'))
  await press(button('Use this reading'))
  expect(asked).toEqual([['answer', {layout: 'time'}]])
  await act(async () => session.setState({question: layoutQuestion}))
  await press(button('Leave the file'))
  expect(asked.at(-1)).toEqual(['cancel'])
  expect(document.querySelector('dialog')).toBeNull()
})

it('settings that were assumed can be changed, and only what changed is answered', async () => {
  const {asked} = await renderShell({explanation, questions: blockQuestions})
  expect(the('.checkpoint').textContent).toContain('2 settings')
  await press(button('Change'))
  expect(button('Keep as it is')).toBeTruthy()
  await press(the('dialog fieldset:nth-of-type(2) label:nth-of-type(2) input'))
  await press(button('Apply'))
  expect(asked).toEqual([['answer', {paddingValue: 0}]])
})

it('the wrong ones can be looked at alone', async () => {
  const samples = explanation.samples.map((sample, index) => (index % 8 === 0 ? {...sample, label: 9} : sample))
  await renderShell({explanation: {...explanation, samples}})
  const wrong = samples.filter(
    ({label, probabilities}) => probabilities!.indexOf(Math.max(...probabilities!)) !== label
  ).length
  expect(wrong).toBeGreaterThan(0)
  const filter = [...document.querySelectorAll('.filters label')].find((l) => l.textContent === `Wrong ${wrong}`)!
  await press(filter.querySelector('input')!)
  expect(document.querySelectorAll('.tile')).toHaveLength(wrong)
  expect(document.querySelectorAll('.tile.wrong')).toHaveLength(wrong)
})

it('inputs come in pages of 24, by number when they have no pictures', async () => {
  await renderShell({explanation})
  expect(document.querySelectorAll('.tile')).toHaveLength(24)
  await press(the('[aria-label="Later inputs"]'))
  expect([...document.querySelectorAll('.tile .number')].map((tile) => tile.textContent)).toEqual(
    Array.from({length: 16}, (_, index) => String(index + 25))
  )
})

it('the selected input can show its own map, and turning to another asks for that one', async () => {
  const {lens, asked} = await renderShell({explanation})
  await act(async () => lens.getState().selectSample(9))
  await press(button('Show its map'))
  await press(the('.tile:nth-child(3) input'))
  expect(asked).toEqual([
    ['askSampleMap', 9],
    ['askSampleMap', 2]
  ])
  await press(button('Show the mean'))
  expect(lens.getState().sampleMap).toBe(false)
})

it('without a classifier the prediction says so and nothing is called right or wrong', async () => {
  const samples = explanation.samples.map((sample) => ({...sample, logits: null, probabilities: null}))
  const {lens} = await renderShell({explanation: {...explanation, samples}})
  await act(async () => lens.getState().selectSample(0))
  expect(the('.prediction').textContent).toContain('holds no classifier')
  expect(document.querySelector('.filters')).toBeNull()
})

it('T opens the numbers behind the figure, O turns the order, ? the help', async () => {
  const {lens} = await renderShell({explanation})
  await key('o')
  expect(lens.getState().order).toBe('importance')
  await key('t')
  expect(the('dialog').textContent).toContain('The numbers behind the figure')
  expect(document.querySelectorAll('dialog tbody tr')).toHaveLength(12)
  await press(the('dialog .close'))
  await key('?')
  expect(the('dialog').textContent).toContain('Density Adaptive Attention Mechanism (DAAM)')
})

it('a dialog that is closed gives the focus back to where it was', async () => {
  await renderShell({explanation})
  the('#figure').focus()
  await key('?')
  expect(the('dialog').contains(document.activeElement)).toBe(true)
  await press(the('dialog .close'))
  expect(document.activeElement).toBe(the('#figure'))
})

it('bare keys are left to the control that has the focus', async () => {
  const {lens} = await renderShell({explanation})
  the('.bar-open').focus()
  await key('o')
  expect(lens.getState().order).toBe('model')
})

it('Ctrl Z goes back to what was open before, when there is something', async () => {
  const {session, asked} = await renderShell({explanation})
  await key('z', {ctrlKey: true})
  expect(asked).toEqual([])
  await act(async () => session.setState({canUndo: true}))
  await key('z', {ctrlKey: true})
  expect(asked).toEqual([['undo']])
})

it('another file in the figure is announced with the way back', async () => {
  const {session, asked} = await renderShell({explanation})
  const {provenance} = explanation
  const other = {...explanation, provenance: {...provenance, checkpoint: {...provenance.checkpoint, name: 'b.pth'}}}
  await act(async () => session.setState({explanation: other, canUndo: true, work: {...working(), visible: false}}))
  expect(the('.quiet-toast').textContent).toContain('Now open: b.pth')
  await press(button('Undo'))
  expect(asked).toEqual([['undo']])
})

it('an order that the file cannot give is not offered', async () => {
  const layers = explanation.layers.map((layer) => ({...layer, untrained: null}))
  await renderShell({explanation: {...explanation, layers}})
  expect([...document.querySelectorAll('.order label')].map((label) => label.textContent)).toEqual([
    'Model',
    'Importance'
  ])
})
