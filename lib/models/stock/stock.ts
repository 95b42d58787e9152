// What TensorFlow.js brings for each backend: in the browser only the operations that we use. Node reads its packages
// without a bundler, and so as wholes.
const inBrowser = typeof location !== 'undefined'

export const stockWebGPU = () => import('./webgpu')

export const stockWasm = () => (inBrowser ? import('./wasm') : import('@tensorflow/tfjs-backend-wasm'))

export const stockCpu = (): Promise<unknown> => (inBrowser ? import('./cpu') : import('@tensorflow/tfjs-backend-cpu'))
