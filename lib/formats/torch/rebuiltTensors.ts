import type {FileValue} from '../archive'
import {isInert, type Machine, type Rebuild} from '../pickle/machine'
import type {TensorTable} from '../tensorTable'
import {torchDType} from './torchElement'

/** How PyTorch's tensors are rebuilt from a pickle (torch/_utils.py); dense ones enter the table, others are left out. */
export function torchGlobals(table: TensorTable): ReadonlyMap<string, Rebuild> {
  const dense: Rebuild = (args, machine) => denseTensor(table, args.slice(0, 4), undefined, args[6], machine)
  const typed: Rebuild = (args, machine) => denseTensor(table, args.slice(0, 4), args[6], args[7], machine)
  const first: Rebuild = ([data = null]) => data

  const simple: [string, Rebuild][] = [
    ['torch._utils._rebuild_tensor', dense],
    ['torch._utils._rebuild_tensor_v2', dense],
    ['torch._utils._rebuild_tensor_v3', typed],
    ['torch._utils._rebuild_parameter', first],
    ['torch._utils._rebuild_parameter_with_state', first],
    ['torch._utils._rebuild_device_tensor_from_numpy', first],
    ['torch._utils._rebuild_device_tensor_from_cpu_tensor', first],
    ['torch._utils._rebuild_xla_tensor', first],
    [
      'torch._utils._rebuild_qtensor',
      (args) => table.skip('quantised tensor', args[2] ?? null, storageName(table, args[0]))
    ],
    ['torch._utils._rebuild_sparse_tensor', (args) => sparse(table, args)],
    ['torch._utils._rebuild_nested_tensor', () => table.skip('nested tensor', null, null)],
    [
      'torch._utils._rebuild_meta_tensor_no_storage',
      (args) => table.skip('tensor without values (meta)', args[1] ?? null, nameOf(args[0]))
    ],
    [
      'torch._utils._rebuild_wrapper_subclass',
      (args) => table.skip('wrapped tensor', args[2] ?? null, nameOf(args[1]))
    ],
    [
      'torch.serialization._get_layout',
      ([layout], machine) => machine.record(typeof layout === 'string' ? layout.slice(0, 40) : 'layout', [])
    ],
    ['torch.Size', ([sizes = []]) => sizes],
    ['torch.device', (args, machine) => machine.record('torch.device', args)]
  ]
  const known = new Map(simple)

  // A subclass of Tensor: which of the functions above made it, and with what.
  const fromType: Rebuild = (args, machine) => {
    const [make, , inner] = args
    const rebuild = make !== undefined && isInert(make) ? known.get(make.global) : undefined
    if (!rebuild || !Array.isArray(inner)) return table.skip('tensor of its own kind', null, nameOf(args[1]))
    return rebuild(inner, machine)
  }
  return new Map([
    ...simple,
    ['torch._tensor._rebuild_from_type', fromType],
    ['torch._tensor._rebuild_from_type_v2', fromType]
  ])
}

function denseTensor(
  table: TensorTable,
  [storageRecord, offset, size, stride]: readonly FileValue[],
  dtypeName: FileValue | undefined,
  metadata: FileValue | undefined,
  machine: Machine
): FileValue {
  const stored = table.storageOf(storageRecord)
  if (!stored || typeof offset !== 'number' || !isNumbers(size) || !isNumbers(stride)) {
    throw machine.broken('a tensor is made without a storage, an offset, a shape and strides')
  }
  const name = dtypeName === undefined ? null : nameOf(dtypeName)
  const dtype = name === null ? stored.dtype : torchDType(name)
  if (!dtype) return table.skip('tensor', size, name ?? stored.type)
  // Lazy conjugation and negation would have to be undone first.
  if (metadata instanceof Map && metadata.size > 0) return table.skip('negated view', size, dtype)
  machine.charge(64 * size.length + 300)
  return table.add({storage: stored.storage, dtype, offset, shape: size, strides: stride}, 'PyTorch tensor')
}

function sparse(table: TensorTable, [layout = null, parts]: readonly FileValue[]): FileValue {
  // COO: indices, values, size, and since 2.0 whether it is coalesced; the compressed layouts put one more before the size.
  const list = Array.isArray(parts) ? parts : []
  const size = list.find((part, i) => i >= 2 && isNumbers(part)) ?? null
  return table.skip(`sparse tensor (${nameOf(layout) ?? 'unknown layout'})`, size, null)
}

function isNumbers(value: FileValue | undefined): value is number[] {
  return Array.isArray(value) && value.length <= 65 && value.every((part) => typeof part === 'number')
}

function storageName(table: TensorTable, record: FileValue | undefined): string | null {
  return table.storageOf(record)?.type ?? null
}

function nameOf(value: FileValue | undefined): string | null {
  return value !== undefined && isInert(value) ? value.global : null
}
