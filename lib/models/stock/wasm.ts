import {absConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Abs'
import {addConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Add'
import {batchMatMulConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/BatchMatMul'
import {castConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Cast'
import {clipByValueConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/ClipByValue'
import {concatConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Concat'
import {conv2DConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Conv2D'
import {erfConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Erf'
import {expConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Exp'
import {greaterConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Greater'
import {identityConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Identity'
import {isNaNConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/IsNan'
import {lessConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Less'
import {logConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Log'
import {maxConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Max'
import {maximumConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Maximum'
import {meanConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Mean'
import {minimumConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Minimum'
import {multiplyConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Multiply'
import {negConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Neg'
import {notEqualConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/NotEqual'
import {onesLikeConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/OnesLike'
import {packConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Pack'
import {padV2Config} from '@tensorflow/tfjs-backend-wasm/dist/kernels/PadV2'
import {realDivConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/RealDiv'
import {reluConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Relu'
import {reshapeConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Reshape'
import {rsqrtConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Rsqrt'
import {selectConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Select'
import {sliceConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Slice'
import {softmaxConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Softmax'
import {sqrtConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sqrt'
import {squareConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Square'
import {subConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sub'
import {sumConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sum'
import {tanhConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Tanh'
import {tileConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Tile'
import {transposeConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/Transpose'
import {zerosLikeConfig} from '@tensorflow/tfjs-backend-wasm/dist/kernels/ZerosLike'
import {registerKernel} from '@tensorflow/tfjs-core'

export {setWasmPaths} from '@tensorflow/tfjs-backend-wasm/dist/base'

// Of its operations on WASM, those that our models and kernels are put together from. All of them weigh twice as much.
const kernels = [
  absConfig,
  addConfig,
  batchMatMulConfig,
  castConfig,
  clipByValueConfig,
  concatConfig,
  conv2DConfig,
  erfConfig,
  expConfig,
  greaterConfig,
  identityConfig,
  isNaNConfig,
  lessConfig,
  logConfig,
  maxConfig,
  maximumConfig,
  meanConfig,
  minimumConfig,
  multiplyConfig,
  negConfig,
  notEqualConfig,
  onesLikeConfig,
  packConfig,
  padV2Config,
  realDivConfig,
  reluConfig,
  reshapeConfig,
  rsqrtConfig,
  selectConfig,
  sliceConfig,
  softmaxConfig,
  sqrtConfig,
  squareConfig,
  subConfig,
  sumConfig,
  tileConfig,
  tanhConfig,
  transposeConfig,
  zerosLikeConfig
]

for (const kernel of kernels) registerKernel(kernel)
