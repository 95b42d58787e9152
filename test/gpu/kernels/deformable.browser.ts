import '../wholeBackends'
import {env} from '@tensorflow/tfjs-core'
import {attendCases} from '../../models/kernels/attend.cases'
import {depthwiseCases} from '../../models/kernels/depthwise.cases'
import {gatherRowsCases} from '../../models/kernels/gatherRows.cases'
import {sampleGridCases} from '../../models/kernels/sampleGrid.cases'
import {poisonPool} from '../poisonPool'

for (const cases of [sampleGridCases, attendCases, depthwiseCases, gatherRowsCases])
  cases('webgpu', {runs: 6, poison: poisonPool, setUp: () => env().set('WEBGPU_CPU_FORWARD', false)})
