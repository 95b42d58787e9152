// Stands in, in the browser, for what the other backends share with the one in plain JavaScript (`resolveAlias` in
// next.config.js): the arithmetic of small tensors, for the operations in the lists beside this file. The package's own
// list is taken apart by name where it is imported, and so does not shake out.
export {simpleAbsImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Abs'
export {addImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Add'
export {castImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Cast'
export {concatImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Concat_impl'
export {expImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Exp'
export {greaterImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Greater'
export {lessImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Less'
export {logImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Log'
export {maxImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Max_impl'
export {maximumImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Maximum'
export {minimumImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Minimum'
export {multiplyImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Multiply'
export {negImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Neg'
export {notEqualImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/NotEqual'
export {prodImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Prod'
export {rsqrtImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Rsqrt'
export {sliceImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Slice'
export {subImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sub'
export {tileImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Tile_impl'
export {transposeImpl} from '@tensorflow/tfjs-backend-cpu/dist/kernels/Transpose_impl'

// Asked for by name in front of operations that are in no list, and so never run.
export const rangeImpl = undefined
export const stringNGramsImpl = undefined
export const stringSplitImpl = undefined
export const stringToHashBucketFastImpl = undefined
export const uniqueImpl = undefined
