import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {memory, tensor} from '@tensorflow/tfjs-core'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {backendInForce, onBackend, openBackend} from '@/lib/models/backend'
import {type DevicePathName, devicePath, reductions} from '@/lib/models/kernels/devicePath'
import {dispatch, type Program} from '@/lib/models/kernels/dispatch'
import {defineKernel} from '@/lib/models/kernels/kernel'
import {poisonPool} from '../poisonPool'

let before = 0
beforeEach(async () => {
  await openBackend('webgpu')
  before = memory().numTensors
})
afterEach(() => expect(memory().numTensors - before, 'tensors left behind').toBe(0))

const forth: Program = {
  key: 'test: forth and back',
  workgroup: 1,
  bindings: [
    {name: 'x', element: 'f32'},
    {name: 'up', element: 'f32', writes: true},
    {name: 'down', element: 'f32', writes: true}
  ],
  uniforms: ['count'],
  floats: ['step'],
  code: () => `
    fn run(group: u32, lane: u32) {
      if (group >= u.count) { return; }
      up[group] = x[group] + u.step;
      down[group] = x[group] - u.step;
    }`
}

const bothWays = defineKernel<'x', {readonly step: number}>({
  name: 'TestBothWays',
  inputs: ['x'],
  shapes: ({x}) => [x, x],
  onArrays: ({x}, outputs, {step}) => {
    for (const [i, value] of x.entries()) {
      outputs[0]![i] = value + step
      outputs[1]![i] = value - step
    }
  },
  onDevice: (backend: WebGPUBackend, {x}, outputs, {step}) => {
    const count = x.shape[0]!
    dispatch(backend, [{program: forth, buffers: [x, ...outputs], uniforms: {count, step}, workgroups: count}])
  },
  gradient: {save: [], of: ([up]) => ({x: () => up!.clone()})}
})

describe('a program of our own', () => {
  it.each(['webgpu', 'wasm', 'cpu'] as const)(
    'gives several outputs on %s, over more groups than one dimension holds',
    async (name) => {
      await openBackend(name, {wasmPaths: '/node_modules/@tensorflow/tfjs-backend-wasm/dist/'})
      const here = memory().numTensors
      const values = Float32Array.from({length: 70_000}, (_, i) => i)
      const [up, down] = await onBackend(async () => {
        const x = tensor(values)
        const outputs = bothWays({x}, {step: 2})
        const read = await Promise.all(outputs.map((output) => output.data()))
        for (const used of [x, ...outputs]) used.dispose()
        return read
      })
      expect(up).toEqual(values.map((value) => value + 2))
      expect(down).toEqual(values.map((value) => value - 2))
      expect(memory().numTensors).toBe(here)
      await openBackend('webgpu')
      before = memory().numTensors
    }
  )

  it('with a mistake in it does not pass for one that worked', async () => {
    const broken: Program = {...forth, key: 'test: broken', code: () => 'fn run(group: u32, lane: u32) { up[0] = y; }'}
    const kernel = defineKernel<'x', object>({
      name: 'TestBroken',
      inputs: ['x'],
      shapes: ({x}) => [x, x],
      onArrays: () => {},
      onDevice: (backend: WebGPUBackend, {x}, outputs) =>
        dispatch(backend, [{program: broken, buffers: [x, ...outputs], uniforms: {count: 1, step: 1}, workgroups: 1}])
    })
    const run = onBackend(async () => {
      const x = tensor([1, 2, 3])
      for (const output of kernel({x}, {})) output.dispose()
      x.dispose()
    })
    await expect(run).rejects.toThrow(/^WebGPU: /)
  })

  it('asks for no tensor that the device would not take', async () => {
    const kernel = defineKernel<'x', object>({
      name: 'TestTooLarge',
      inputs: ['x'],
      shapes: () => [[backendInForce().largest / 4 + 1]],
      onArrays: () => {},
      onDevice: () => {}
    })
    const x = tensor([1])
    expect(() => kernel({x}, {})).toThrow(/^a tensor \(\d+\) needs \d+ bytes; this GPU takes \d+ at most$/)
    x.dispose()
  })
})

describe('sums over the lanes of a segment', () => {
  it.each(['subgroups', 'shared', 'thread'] as DevicePathName[])('on the path %s', async (wanted) => {
    const path = devicePath(backendInForce().gpu!, wanted)
    const segments = 300
    const program: Program = {
      key: `test: reductions ${wanted}`,
      workgroup: path.workgroup,
      subgroups: wanted === 'subgroups',
      bindings: [
        {name: 'x', element: 'vec4<f32>'},
        {name: 'sums', element: 'f32', writes: true},
        {name: 'minima', element: 'f32', writes: true}
      ],
      uniforms: ['segments'],
      code: () => `
        ${reductions(path)}
        fn run(group: u32, lane: u32) {
          let segment = (group * ${path.workgroup}u + lane) / ${path.lanes}u;
          let at = min(segment, u.segments - 1u) * ${path.lanes}u + lane % ${path.lanes}u;
          let sum = total(x[at]);
          let minimum = least(x[at]);
          if (lane % ${path.lanes}u == 0u && segment < u.segments) {
            sums[segment] = sum.y;
            minima[segment] = minimum.z;
          }
        }`
    }
    const kernel = defineKernel<'x', object>({
      name: `TestReductions ${wanted}`,
      inputs: ['x'],
      shapes: () => [[segments], [segments]],
      onArrays: () => {},
      onDevice: (backend: WebGPUBackend, {x}, outputs) =>
        dispatch(backend, [
          {
            program,
            buffers: [x, ...outputs],
            uniforms: {segments},
            workgroups: Math.ceil((segments * path.lanes) / path.workgroup)
          }
        ])
    })
    const each = 4 * path.lanes
    // Whole numbers, which add up the same in any order.
    const values = Float32Array.from({length: segments * each}, (_, i) => ((i * 7919) % 1009) - 500)
    for (const round of [0, 1]) {
      if (round) poisonPool()
      const [sums, minima] = await onBackend(async () => {
        const x = tensor(values)
        const outputs = kernel({x}, {})
        const read = await Promise.all(outputs.map((output) => output.data()))
        for (const used of [x, ...outputs]) used.dispose()
        return read
      })
      for (let segment = 0; segment < segments; segment++) {
        const own = values.subarray(segment * each, (segment + 1) * each)
        expect(sums![segment]).toBe(own.reduce((a, b) => a + b))
        expect(minima![segment]).toBe(Math.min(...own))
      }
    }
  })
})
