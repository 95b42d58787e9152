import {averageTimeCases} from './averageTime.cases'

averageTimeCases('cpu')
averageTimeCases('wasm')
