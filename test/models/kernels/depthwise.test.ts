import {depthwiseCases} from './depthwise.cases'

depthwiseCases('cpu')
depthwiseCases('wasm')
