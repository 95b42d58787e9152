import '@tensorflow/tfjs-backend-cpu/dist/base'
import {absConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Abs'
import {addConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Add'
import {batchMatMulConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/BatchMatMul'
import {castConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Cast'
import {clipByValueConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/ClipByValue'
import {concatConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Concat'
import {conv2DConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Conv2D'
import {erfConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Erf'
import {expConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Exp'
import {greaterConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Greater'
import {identityConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Identity'
import {isNaNConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/IsNaN'
import {lessConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Less'
import {logConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Log'
import {maxConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Max'
import {maximumConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Maximum'
import {meanConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Mean'
import {minimumConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Minimum'
import {multiplyConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Multiply'
import {negConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Neg'
import {notEqualConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/NotEqual'
import {onesLikeConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/OnesLike'
import {packConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Pack'
import {padV2Config} from '@tensorflow/tfjs-backend-cpu/dist/kernels/PadV2'
import {realDivConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/RealDiv'
import {reluConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Relu'
import {reshapeConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Reshape'
import {rsqrtConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Rsqrt'
import {selectConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Select'
import {sliceConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Slice'
import {softmaxConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Softmax'
import {sqrtConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sqrt'
import {squareConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Square'
import {subConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sub'
import {sumConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sum'
import {tanhConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Tanh'
import {tileConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Tile'
import {transposeConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Transpose'
import {zerosLikeConfig} from '@tensorflow/tfjs-backend-cpu/dist/kernels/ZerosLike'
import {registerKernel} from '@tensorflow/tfjs-core'

// Of its operations on plain JavaScript, those that our models and kernels are put together from. All of them weigh twice as much.
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
