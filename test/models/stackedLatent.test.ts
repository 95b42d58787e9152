import {stackedCases} from './stackedLatent.cases'

stackedCases('cpu')
stackedCases('wasm')
