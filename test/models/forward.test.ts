import {forwardCases} from './forward.cases'

forwardCases('cpu')
forwardCases('wasm')
