import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import type {Grid} from '@/lib/core/grid'
import {createEngine} from '@/lib/engine/client'
import type {Engine, ExplainReply, ExplainRequest, Progress} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import {bitmap} from '@/lib/views/bitmap'
import {heatmapPanel} from '@/lib/views/heatmap'
import {mapPicture} from '@/lib/views/mapPicture'
import digitsExpected from '../fixtures/digits/expected.json'
import {frameOf} from '../views/panelFrames'

const digits = '/examples/digits'
const request: ExplainRequest = {
  checkpoint: {kind: 'address', name: 'checkpoint.pth', url: `${digits}/checkpoint.pth`},
  inputs: [{kind: 'address', name: 'inputs.npz', url: `${digits}/inputs.npz`}],
  settings: {}
}

const fileAt = async (name: string) => new File([await (await fetch(`${digits}/${name}`)).arrayBuffer()], name)

const explained = (reply: ExplainReply) => {
  if (reply.kind !== 'explained') throw new Error(`expected an explanation, got ${reply.kind}`)
  return reply
}

const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), Math.abs(a.length - b.length))

const marksOf = (explanation: Explanation, values: Grid) =>
  heatmapPanel(explanation, frameOf(explanation, 'c'), {map: 'density', theme: 'light', own: {values, name: 'input 1'}})

/** The worker's picture of the first input's map, on a canvas that the page gave away, is the one the page paints. */
async function drawsLikeThePage(explanation: Explanation, map: Grid): Promise<void> {
  const marks = marksOf(explanation, map)
  const canvas = document.body.appendChild(document.createElement('canvas'))
  await engine.takeCanvas(canvas.transferControlToOffscreen())
  await engine.drawSample(0, mapPicture(marks, 1)!)
  const {width, height, rgba} = bitmap(marks, 1)
  const reader = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true})!
  await vi.waitFor(() => {
    expect([canvas.width, canvas.height]).toEqual([width, height])
    reader.clearRect(0, 0, width, height)
    reader.drawImage(canvas, 0, 0)
    // One step of the ramp changes no channel by more than three.
    expect(apart(reader.getImageData(0, 0, width, height).data, rgba)).toBeLessThanOrEqual(3)
  })
  canvas.remove()
}

let engine: Engine
afterEach(() => engine.dispose())

describe.each(['webgpu', 'wasm', 'cpu'] as const)('a worker on %s', (backend) => {
  beforeEach(() => {
    engine = createEngine({backend})
  })

  it('runs where it was asked to, and says so', async () => {
    expect(await engine.backend()).toMatchObject({name: backend, reason: expect.stringContaining('as asked')})
  })

  it('explains the shipped digits as float64 does', async () => {
    const {explanation, pictures, msPerInput} = explained(await engine.explain(request))
    expect(explanation.provenance).toMatchObject({maps: 'inputs', samples: 100, backend: {name: backend}})
    expect(apart(explanation.density!.values, digitsExpected.density.flat())).toBeLessThan(1e-5)
    expect(apart(explanation.nullDensity!.values, digitsExpected.nullDensity.flat())).toBeLessThan(1e-5)
    expect(explanation.layers.map(({rank}) => rank)).toEqual(digitsExpected.layerRank)
    expect(pictures).toMatchObject({count: 100})
    expect(msPerInput).toBeGreaterThan(0)
    const map = await engine.sampleMap(0)
    expect(apart(map.values, digitsExpected.firstSampleDensity.flat())).toBeLessThan(1e-5)
    expect((await engine.sampleMap(0)).values.length).toBe(map.values.length)
    if (backend === 'webgpu') await drawsLikeThePage(explanation, map)
    else {
      const picture = mapPicture(marksOf(explanation, map), 1)!
      await engine.takeCanvas(document.createElement('canvas').transferControlToOffscreen())
      await expect(engine.drawSample(0, picture)).rejects.toThrow('found no WebGPU')
    }
  })
})

describe('a worker', () => {
  beforeEach(() => {
    engine = createEngine({backend: 'cpu'})
  })

  it('looks into a file that a person dropped', async () => {
    const report = await engine.inspect({kind: 'file', file: await fileAt('checkpoint.pth')})
    expect(report).toMatchObject({format: 'PyTorch zip', detection: {family: 'layer-density', headCount: 4}})
  })

  it('refuses a corrupt file with its sentence, and goes on', async () => {
    const whole = await fileAt('checkpoint.pth')
    const file = new File([whole.slice(0, 5000)], 'half.pth')
    await expect(engine.inspect({kind: 'file', file})).rejects.toMatchObject({
      name: 'FormatError',
      message: expect.stringMatching(/^zip: the file ends/)
    })
    expect(await engine.backend()).toMatchObject({name: 'cpu'})
  })

  it('tells its progress with the Gaussians first, and stops when it is cancelled', async () => {
    const told: Progress[] = []
    const controller = new AbortController()
    const run = engine.explain(request, {
      signal: controller.signal,
      onProgress: (progress) => {
        told.push(progress)
        if (progress.phase === 'running') controller.abort()
      }
    })
    await expect(run).rejects.toMatchObject({name: 'CancelledError'})
    const [first] = told.flatMap(({partial}) => (partial ? [partial] : []))
    expect(first).toMatchObject({density: null, heads: {length: 4}})
    expect(explained(await engine.explain({...request, inputs: []})).explanation.provenance.maps).toBe('saved')
  })
})
