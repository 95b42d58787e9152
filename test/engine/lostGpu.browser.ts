import {backend} from '@tensorflow/tfjs-core'
import {expect, it} from 'vitest'
import type {EngineCalls} from '@/lib/engine/calls'
import {connect, serve} from '@/lib/engine/rpc'
import {engineService} from '@/lib/engine/service'
import digitsExpected from '../fixtures/digits/expected.json'

const address = (name: string) =>
  ({kind: 'address', name, url: new URL(`/examples/digits/${name}`, location.href).href}) as const
const request = {checkpoint: address('checkpoint.pth'), inputs: [address('inputs.npz')], settings: {}}

it('a GPU that is lost is opened again, the numbers are the same, and the report says so', async () => {
  const {port1, port2} = new MessageChannel()
  serve<EngineCalls>(port1, engineService())
  const {call} = connect<EngineCalls>(port2)
  await call('begin', 'webgpu')
  const before = await call('explain', request)
  const {device} = backend() as unknown as {device: GPUDevice}
  device.destroy()
  await device.lost
  const after = await call('explain', request)
  if (before.kind !== 'explained' || after.kind !== 'explained') throw new Error('expected explanations')
  expect([...after.explanation.density!.values]).toEqual([...before.explanation.density!.values])
  expect(after.explanation.layers.map(({rank}) => rank)).toEqual(digitsExpected.layerRank)
  expect(await call('backend', null)).toMatchObject({
    name: 'webgpu',
    reason: expect.stringMatching(/; the GPU was lost \(.*\) and was opened again$/)
  })
  port1.close()
})
