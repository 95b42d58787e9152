import {env} from '@tensorflow/tfjs-core'
import {deformableCases} from '../models/deformable.cases'
import {poisonPool} from './poisonPool'

deformableCases('webgpu', {poison: poisonPool, setUp: () => env().set('WEBGPU_CPU_FORWARD', false)})
