import type {FileValue} from '../archive'
import {isNumpyName, numpyGlobals} from '../numpy/pickledArrays'
import type {PickleWorld} from '../pickle/machine'
import {pythonGlobals} from '../pickle/pythonGlobals'
import type {TensorTable} from '../tensorTable'
import {torchGlobals} from './rebuiltTensors'
import {isTorchName} from './torchElement'

/**
 * All that a checkpoint's pickle may name and be understood: Python's containers, NumPy's arrays, PyTorch's tensors.
 */
export function torchWorld(table: TensorTable, persistent: (id: FileValue) => FileValue): PickleWorld {
  return {
    known: new Map([...pythonGlobals, ...numpyGlobals(table), ...torchGlobals(table)]),
    isPassive: (global) => isTorchName(global) || isNumpyName(global),
    persistent
  }
}
