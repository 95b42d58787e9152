import '../wholeBackends'
import {env} from '@tensorflow/tfjs-core'
import {mixtureCases} from '../../models/kernels/mixture.cases'
import {poisonPool} from '../poisonPool'

for (const path of ['subgroups', 'shared', 'thread'] as const)
  mixtureCases('webgpu', {
    path,
    runs: 3,
    poison: poisonPool,
    setUp: () => env().set('WEBGPU_CPU_FORWARD', false)
  })
