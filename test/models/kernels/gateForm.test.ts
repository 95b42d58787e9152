import {gateFormCases} from './gateForm.cases'

gateFormCases('cpu')
gateFormCases('wasm')
