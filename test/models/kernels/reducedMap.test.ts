import {reducedMapCases} from './reducedMap.cases'

reducedMapCases('cpu')
reducedMapCases('wasm')
