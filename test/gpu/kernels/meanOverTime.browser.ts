import '../wholeBackends'
import {env} from '@tensorflow/tfjs-core'
import {meanOverTimeCases} from '../../models/kernels/meanOverTime.cases'
import {poisonPool} from '../poisonPool'

meanOverTimeCases('webgpu', {runs: 8, poison: poisonPool, setUp: () => env().set('WEBGPU_CPU_FORWARD', false)})
