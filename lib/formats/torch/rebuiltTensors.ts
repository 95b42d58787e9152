import type {FileValue} from '../archive'
import {ConvertedStorage, float8Storage} from '../converted'
import {elementSize, rawElements} from '../elements'
import {cost, isInert, type Machine, type Rebuild} from '../pickle/machine'
import {StorageRecord, type TensorTable} from '../tensorTable'
import {quantisedElement, torchDType, torchFloat8} from './torchElement'

/**
 * How PyTorch's tensors are rebuilt from a pickle (torch/_utils.py); dense ones enter the table, others are left out.
 */
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
    ['torch._utils._rebuild_qtensor', (args, machine) => quantised(table, args, machine)],
    ['torch._utils._rebuild_sparse_tensor', (args, machine) => sparse(table, args, machine)],
    ['torch._utils._rebuild_nested_tensor', (_, machine) => skipped(table, machine, 'nested tensor', null, null)],
    [
      'torch._utils._rebuild_meta_tensor_no_storage',
      (args, machine) => skipped(table, machine, 'tensor without values (meta)', args[1] ?? null, nameOf(args[0]))
    ],
    [
      'torch._utils._rebuild_wrapper_subclass',
      (args, machine) => skipped(table, machine, 'wrapped tensor', args[2] ?? null, nameOf(args[1]))
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
    if (!rebuild || !Array.isArray(inner))
      return skipped(table, machine, 'tensor of its own kind', null, nameOf(args[1]))
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
  const stored = storageOf(storageRecord)
  if (!stored || typeof offset !== 'number' || !isNumbers(size) || !isNumbers(stride)) {
    throw machine.broken('a tensor is made without a storage, an offset, a shape and strides')
  }
  const name = dtypeName === undefined ? null : nameOf(dtypeName)
  const float8Layout = name === null ? undefined : torchFloat8(name)
  const dtype = float8Layout ? 'f32' : name === null ? stored.dtype : torchDType(name)
  if (!dtype) return skipped(table, machine, 'tensor', size, name ?? stored.global)
  // Lazy conjugation and negation would have to be undone first.
  if (metadata instanceof Map && metadata.size > 0) return skipped(table, machine, 'negated view', size, dtype)
  machine.charge(64 * size.length + cost.tensor)
  const window = {dtype, offset, shape: size, strides: stride}
  if (!float8Layout) return table.add({...window, storage: stored.storage}, 'PyTorch tensor')
  const storage = float8Storage(float8Layout, stored.storage)
  return table.add({...window, storage, stored: `float8_${float8Layout}`}, 'PyTorch tensor')
}

// One scale and one zero point for all: value = (q − zero point) × scale (torch.quantize_per_tensor).
function quantised(
  table: TensorTable,
  [storageRecord, offset, size, stride, quantizer]: readonly FileValue[],
  machine: Machine
): FileValue {
  const record = storageOf(storageRecord)
  const type = record?.global ?? null
  const [scheme = null, scale, zeroPoint] = Array.isArray(quantizer) ? (quantizer as readonly FileValue[]) : []
  const element = type === null ? undefined : quantisedElement(type)
  if (nameOf(scheme) !== 'torch.per_tensor_affine' || !element) {
    return skipped(table, machine, `quantised tensor (${nameOf(scheme) ?? 'unknown scheme'})`, size ?? null, type)
  }
  const isNumber = (value: FileValue | undefined): value is number => typeof value === 'number'
  if (
    !record ||
    !isNumber(offset) ||
    !isNumbers(size) ||
    !isNumbers(stride) ||
    !isNumber(scale) ||
    !isNumber(zeroPoint)
  ) {
    throw machine.broken('a quantised tensor is made without a storage, a shape, strides, a scale and a zero point')
  }
  machine.charge(64 * size.length + 2 * cost.tensor)
  // PyTorch multiplies in float32.
  const factor = Math.fround(scale)
  const storage = new ConvertedStorage(record.storage, elementSize[element], (bytes) => {
    const integers = rawElements(element, bytes, bytes.length / elementSize[element]) as ArrayLike<number>
    return Float32Array.from(integers, (q) => (q - zeroPoint) * factor)
  })
  const stored = `${element === 'u8' ? 'quint8' : element === 'i8' ? 'qint8' : 'qint32'}, scale ${Number(scale.toPrecision(6))}, zero point ${zeroPoint}`
  return table.add({storage, dtype: 'f32', offset, shape: size, strides: stride, stored}, 'PyTorch tensor')
}

function sparse(table: TensorTable, [layout = null, parts]: readonly FileValue[], machine: Machine): FileValue {
  // COO: indices, values, size, and since 2.0 whether it is coalesced; the compressed layouts put one more before the
  // size.
  const list = Array.isArray(parts) ? parts : []
  const size = list.find((part, i) => i >= 2 && isNumbers(part)) ?? null
  return skipped(table, machine, `sparse tensor (${nameOf(layout) ?? 'unknown layout'})`, size, null)
}

/** A record in place of a tensor that is not read. */
function skipped(
  table: TensorTable,
  machine: Machine,
  what: string,
  shape: FileValue,
  dtype: string | null
): FileValue {
  machine.charge(cost.tensor + (Array.isArray(shape) ? 32 * Math.min(64, shape.length) : 0))
  return table.skip(what, shape, dtype)
}

function isNumbers(value: FileValue | undefined): value is number[] {
  return Array.isArray(value) && value.length <= 65 && value.every((part) => typeof part === 'number')
}

function storageOf(value: FileValue | undefined): StorageRecord | null {
  return value instanceof StorageRecord ? value : null
}

function nameOf(value: FileValue | undefined): string | null {
  return value !== undefined && isInert(value) ? value.global : null
}
