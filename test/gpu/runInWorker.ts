import {type BackendReport, type BackendWish, openBackend} from '@/lib/models/backend'
import {detect, load} from '@/lib/models/detect'
import type {Detection} from '@/lib/models/family'
import {memoryArchive, tensor} from '../fixtures/memoryArchive'

/** What the worker says back. */
export interface Answer {
  readonly report: BackendReport
  readonly density: Float32Array
}

self.onmessage = async ({data}: MessageEvent<BackendWish>) => {
  const report = await openBackend(data, {wasmPaths: '/node_modules/@tensorflow/tfjs-backend-wasm/dist/'})
  const archive = memoryArchive({c: tensor([1, 1], 2), mean_offset: tensor([1, 1])})
  const model = await load(archive, detect(archive) as Detection)
  const samples = await model.arrange({dtype: 'f32', shape: [3, 1], values: Float32Array.of(-1, 0, 1)}, {})
  const {density} = await model.run(samples, 0, 1)
  self.postMessage({report, density} satisfies Answer)
}
