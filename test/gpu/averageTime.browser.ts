import {env} from '@tensorflow/tfjs-core'
import {averageTimeCases} from '../models/averageTime.cases'
import {poisonPool} from './poisonPool'

averageTimeCases('webgpu', {poison: poisonPool, setUp: () => env().set('WEBGPU_CPU_FORWARD', false)})
