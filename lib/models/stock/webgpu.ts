import {absConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Abs'
import {addConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Add'
import {batchMatMulConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/BatchMatMul'
import {castConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Cast'
import {clipByValueConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/ClipByValue'
import {concatConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Concat'
import {conv2DConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Conv2D'
import {erfConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Erf'
import {expConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Exp'
import {greaterConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Greater'
import {identityConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Identity'
import {isNaNConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/IsNaN'
import {lessConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Less'
import {logConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Log'
import {maxConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Max'
import {maximumConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Maximum'
import {meanConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Mean'
import {minimumConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Minimum'
import {multiplyConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Multiply'
import {negConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Neg'
import {notEqualConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/NotEqual'
import {onesLikeConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/OnesLike'
import {packConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Pack'
import {padV2Config} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/PadV2'
import {realDivConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/RealDiv'
import {reluConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Relu'
import {reshapeConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Reshape'
import {rsqrtConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Rsqrt'
import {selectConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Select'
import {sliceConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Slice'
import {softmaxConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Softmax'
import {sqrtConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sqrt'
import {squareConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Square'
import {subConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sub'
import {sumConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sum'
import {tanhConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Tanh'
import {tileConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Tile'
import {transposeConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Transpose'
import {zerosLikeConfig} from '@tensorflow/tfjs-backend-webgpu/dist/kernels/ZerosLike'
import {registerKernel} from '@tensorflow/tfjs-core'

export {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu/dist/base'

// Of its operations on WebGPU, those that our models and kernels are put together from. All of them weigh twice as much.
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
  isNaNConfig,
  identityConfig,
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
