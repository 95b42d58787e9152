import {act} from 'react'
import {expect, it, vi} from 'vitest'
import {CancelledError} from '@/lib/core/errors'
import {grid} from '@/lib/core/grid'
import type {CallOptions, FileReport, TensorSlice} from '@/lib/engine/protocol'
import {sliceOf} from '../../views/slices'
import {button, press, renderShell, the} from '../renderShell'
import {strangeReport} from '../scriptedSession'

const file = {kind: 'file', file: new File([], 'probe.pth')} as const
const entries = [{kind: 'tensor', name: 'w', dtype: 'f32', shape: [60, 768], byteLength: 4096}] as const
const report: FileReport = {...strangeReport, entries}
const cells = grid(
  60,
  768,
  Float32Array.from({length: 60 * 768}, (_, i) => i)
)
const refused = async () => {
  throw new Error('not scripted')
}

async function lookAt(slice: (...args: unknown[]) => Promise<TensorSlice>) {
  const trouble = {title: 'No density attention', message: 'None.', after: '', report, file}
  const shell = await renderShell({trouble, looks: {statistics: refused, exportTensor: refused, slice: slice as never}})
  await press(button('Show all tensors'))
  const tensors = [...document.querySelectorAll<HTMLElement>('label')].find(
    ({textContent}) => textContent === 'Tensors'
  )
  await act(async () => tensors!.click())
  await act(async () => [...document.querySelectorAll<HTMLElement>('[role=treeitem]')].at(-1)!.click())
  return shell
}

it('a slice is zoomed and moved by keys, reads its elements exactly, and no label leaves its picture', async () => {
  const {lens} = await lookAt(async () => sliceOf(cells))
  const map = the('.slice-map')
  const press = (name: string) =>
    act(async () => void map.dispatchEvent(new KeyboardEvent('keydown', {key: name, bubbles: true, cancelable: true})))
  const labels = [...document.querySelectorAll('.slice-map .tick text')]
  const picture = the('.slice-map svg').getBoundingClientRect()
  expect(labels.at(-1)!.textContent).toBe('767')
  expect(labels.at(-1)!.getBoundingClientRect().right).toBeLessThanOrEqual(picture.right)
  await press('+')
  expect(lens.getState().sliceView.cols).toEqual([192, 576])
  await press('ArrowRight')
  expect(lens.getState().sliceView.cols).toEqual([288, 672])
  expect(document.querySelectorAll('.slice-map .overview').length).toBe(2)
  await act(async () => lens.getState().zoomSlice({cols: [100, 110], rows: [20, 26]}))
  const {left, top, width, height} = the('.slice-map .surface').getBoundingClientRect()
  const at = {bubbles: true, clientX: left + width * 0.35, clientY: top + height * 0.5 + 2}
  await act(async () => void map.dispatchEvent(new PointerEvent('pointermove', at)))
  expect(the('.slice-map .tip').textContent).toBe(`Row 23, column 103Value${23 * 768 + 103}`)
  await press('0')
  expect(lens.getState().sliceView).toEqual({cols: null, rows: null})
})

it('a slice that takes long can be cancelled, and asked for again', async () => {
  const slice = vi.fn(
    (...args: unknown[]) =>
      new Promise<TensorSlice>((_, reject) => {
        const {signal} = args[3] as CallOptions
        signal!.addEventListener('abort', () => reject(new CancelledError()))
      })
  )
  await lookAt(slice)
  await vi.waitFor(() => expect(the('.slice progress')).toBeTruthy())
  await press(button('Cancel'))
  expect(document.querySelector('.slice progress')).toBeNull()
  expect(document.querySelector('.slice .failure')).toBeNull()
  await press(button('Draw this slice'))
  expect(slice).toHaveBeenCalledTimes(2)
})
