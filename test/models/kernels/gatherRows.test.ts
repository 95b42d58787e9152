import {gatherRowsCases} from './gatherRows.cases'

gatherRowsCases('cpu')
gatherRowsCases('wasm')
