import {env} from '@tensorflow/tfjs-core'
import {reducedMapCases} from '../../models/kernels/reducedMap.cases'
import {poisonPool} from '../poisonPool'

for (const path of [undefined, 'subgroups', 'shared', 'thread'] as const)
  reducedMapCases('webgpu', {
    path,
    runs: 5,
    poison: poisonPool,
    setUp: () => env().set('WEBGPU_CPU_FORWARD', false)
  })
