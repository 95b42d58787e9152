// Makes the environment.
import '@tensorflow/tfjs-core/dist/engine'
import {env} from '@tensorflow/tfjs-core/dist/environment'
import {isTypedArrayBrowser} from '@tensorflow/tfjs-core/dist/platforms/is_typed_array_browser'

/** What TensorFlow.js asks of the browser around it. Its own platform starts its stores of models beside. */
env().setPlatform('browser', {
  fetch: (path, init) => fetch(path, init),
  now: () => performance.now(),
  encode: (text) => new TextEncoder().encode(text),
  decode: (bytes, encoding) => new TextDecoder(encoding).decode(bytes),
  isTypedArray: isTypedArrayBrowser
})
