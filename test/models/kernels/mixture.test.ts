import {mixtureCases} from './mixture.cases'

mixtureCases('cpu')
mixtureCases('wasm')
