import {add, tensor1d, tidy} from '@tensorflow/tfjs-core'
import {expect, it, vi} from 'vitest'
import {onBackend, openBackend} from '@/lib/models/backend'
import {readBack} from '@/lib/models/readBack'

// In a file of its own: once WASM has started somewhere it starts anywhere.
it('where neither a GPU nor WASM is to be had plain JavaScript runs, and says why', async () => {
  // The loader of the binary tells the console all about it.
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {})
  expect(await openBackend('auto', {wasmPaths: '/nowhere/'})).toMatchObject({
    name: 'cpu',
    adapter: null,
    reason: expect.stringMatching(
      /^plain JavaScript, because this WebGPU adapter is software and slower, and WASM did not start/
    )
  })
  const {y} = await onBackend(() => readBack({y: tidy(() => add(tensor1d([1, 2]), 1))}))
  expect([...y]).toEqual([2, 3])
})
