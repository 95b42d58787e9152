import '../wholeBackends'
import {env} from '@tensorflow/tfjs-core'
import {gateFormCases} from '../../models/kernels/gateForm.cases'
import {poisonPool} from '../poisonPool'

for (const path of [undefined, 'subgroups', 'shared', 'thread'] as const)
  gateFormCases('webgpu', {
    path,
    runs: 6,
    poison: poisonPool,
    setUp: () => env().set('WEBGPU_CPU_FORWARD', false)
  })
