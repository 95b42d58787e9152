import {sampleGridCases} from './sampleGrid.cases'

sampleGridCases('cpu')
sampleGridCases('wasm')
