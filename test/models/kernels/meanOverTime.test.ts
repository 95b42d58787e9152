import {meanOverTimeCases} from './meanOverTime.cases'

meanOverTimeCases('cpu')
meanOverTimeCases('wasm')
