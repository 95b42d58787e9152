import {layerFormCases} from './layerForm.cases'

layerFormCases('cpu')
layerFormCases('wasm')
