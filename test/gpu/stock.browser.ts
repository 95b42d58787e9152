import {getKernelsForBackend} from '@tensorflow/tfjs-core'
import {expect, it} from 'vitest'

it('brings the same operations on every backend', async () => {
  await Promise.all([
    import('@/lib/models/stock/webgpu'),
    import('@/lib/models/stock/wasm'),
    import('@/lib/models/stock/cpu')
  ])
  const [webgpu, wasm, cpu] = ['webgpu', 'wasm', 'cpu'].map((backend) =>
    getKernelsForBackend(backend)
      .map(({kernelName}) => kernelName)
      .sort()
  )
  expect(webgpu).toContain('Conv2D')
  expect(wasm).toEqual(webgpu)
  expect(cpu).toEqual(webgpu)
})
