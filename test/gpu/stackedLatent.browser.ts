import {env} from '@tensorflow/tfjs-core'
import {stackedCases} from '../models/stackedLatent.cases'
import {poisonPool} from './poisonPool'

stackedCases('webgpu', {setUp: () => env().set('WEBGPU_CPU_FORWARD', false), poison: poisonPool})
