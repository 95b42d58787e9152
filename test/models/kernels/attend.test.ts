import {attendCases} from './attend.cases'

attendCases('cpu')
attendCases('wasm')
