import {env, InferenceSession, Tensor} from 'onnxruntime-web/wasm'
import type {MixtureCase} from './cases'
import type {Contender, Given} from './contender'
import {onnxMixture} from './onnxMixture'

/** ONNX Runtime Web on WASM with two threads, in the quadratic form; it copies its input in and its output out. */
export async function onnxRuntime({case: its, x}: Given): Promise<Contender> {
  env.wasm.wasmPaths = new URL('/node_modules/onnxruntime-web/dist/', self.location.href).href
  env.wasm.numThreads = 2
  const {shape} = its as MixtureCase
  const session = await InferenceSession.create(onnxMixture(its as MixtureCase), {executionProviders: ['wasm']})
  const input = new Tensor('float32', x, [...shape])
  let last: InferenceSession.OnnxValueMapType | null = null
  return {
    given: x.byteLength,
    run: async () => {
      last = await session.run({x: input})
    },
    results: async () => ({output: (await last!.output!.getData()) as Float32Array}),
    clear: () => {
      last?.output?.dispose()
      last = null
    },
    close: () => void session.release()
  }
}
