import '../wholeBackends'
import {env} from '@tensorflow/tfjs-core'
import {layerFormCases} from '../../models/kernels/layerForm.cases'
import {poisonPool} from '../poisonPool'

layerFormCases('webgpu', {runs: 8, poison: poisonPool, setUp: () => env().set('WEBGPU_CPU_FORWARD', false)})
