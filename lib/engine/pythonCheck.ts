import type {Summary} from '@/lib/core/summary'
import type {FileValue, TensorArchive, TensorEntry} from '@/lib/formats/archive'
import type {PythonCheck} from './protocol'

/**
 * The line for one tensor and its expected output: count, min, max, mean, deviation, zeros, NaN, infinities, SHA-256.
 */
export function pythonCheck(
  archive: TensorArchive,
  entry: TensorEntry,
  summary: Summary,
  sha256: string | null
): PythonCheck {
  const tensor = expressionOf(archive, entry)
  if ('why' in tensor) return tensor
  const {count, zeros, nan, infinite, finite} = summary
  const moments = finite
    ? [g(finite.min, 9), g(finite.max, 9), g(finite.mean, 6), g(finite.deviation, 6)]
    : Array(4).fill('nan')
  return {
    line: tensor.torch ? torchLine(tensor.torch, sha256 !== null) : numpyLine(tensor.numpy!),
    prints: [count, ...moments, zeros, nan, infinite, ...(sha256 === null ? [] : [sha256])].join(' ')
  }
}

const torchLine = (tensor: string, hash: boolean) =>
  `${tensor}.detach().contiguous(); x = t.double(); f = x[x.isfinite()]; f = f if len(f) else x.new_full((1,), float("nan")); print(t.numel(), f"{f.min():.9g} {f.max():.9g} {f.mean():.6g} {f.std(correction=0):.6g}", int((x == 0).sum()), int(x.isnan().sum()), int(x.isinf().sum())${hash ? ', hashlib.sha256(t.reshape(-1).view(torch.uint8).numpy().tobytes()).hexdigest()' : ''})`

const numpyLine = (array: string) =>
  `${array}; x = t.astype(float); f = x[np.isfinite(x)]; f = f if f.size else np.array([np.nan]); print(t.size, f"{f.min():.9g} {f.max():.9g} {f.mean():.6g} {f.std():.6g}", (x == 0).sum(), np.isnan(x).sum(), np.isinf(x).sum(), hashlib.sha256(t.astype(t.dtype.newbyteorder("<")).tobytes()).hexdigest())`

type Expression = {readonly torch?: string; readonly numpy?: string} | {readonly why: string}

function expressionOf(archive: TensorArchive, {name, stored}: TensorEntry): Expression {
  const {format, source, named = []} = archive
  const file = JSON.stringify(source.name)
  const converted = conversion(stored)
  if (converted === null) return {why: `There is no line of Python for elements stored as ${stored}.`}
  if (format === 'safetensors')
    return {
      torch: `import hashlib, torch; from safetensors import safe_open; t = safe_open(${file}, "pt").get_tensor(${JSON.stringify(name)})${converted}`
    }
  if (format === 'NumPy .npy') return {numpy: `import hashlib, numpy as np; t = np.load(${file})`}
  if (format === 'NumPy .npz')
    return {numpy: `import hashlib, numpy as np; t = np.load(${file})[${JSON.stringify(name)}]`}
  if (!/^PyTorch (zip|legacy)$/.test(format)) return {why: `There is no line of Python for ${format} files.`}
  // To load it, Python would have to run what we left alone.
  if (named.some(({standing}) => standing === 'inert'))
    return {why: 'Python would have to run code of this file to load it, so there is no line for it here.'}
  const path = pathTo(archive.contents, name)
  if (!path)
    return {why: 'This tensor lies inside an object that Python would have to rebuild, so there is no line for it.'}
  const keys = path.map((key) => `[${JSON.stringify(key)}]`).join('')
  return {
    torch: `import hashlib, torch; t = torch.load(${file}, map_location="cpu", weights_only=True)${keys}${converted}`
  }
}

/** What makes the file's elements ours; null when Python has no word for it. */
function conversion(stored: string | undefined): string | null {
  if (stored === undefined) return ''
  if (stored.startsWith('float8')) return '.float()'
  return /^qu?int/.test(stored) ? '.dequantize()' : null
}

type Key = string | number

/** The keys that lead to a tensor through dictionaries and lists; null when something else stands between. */
function pathTo(contents: FileValue, name: string): readonly Key[] | null {
  const seen = new Set<FileValue>()
  const waiting: (readonly [value: FileValue, path: readonly Key[]])[] = [[contents, []]]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [value, path] = next
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if ('kind' in value && value.kind === 'tensor' && value.name === name) return path
    const parts = value instanceof Map || Array.isArray(value) ? [...value.entries()] : []
    for (const [key, part] of parts)
      if (typeof key === 'string' || typeof key === 'number') waiting.push([part, [...path, key]])
  }
  return null
}

/** A number as Python's `.9g` writes it: so many significant digits, no zeros at the end. */
export function g(value: number, digits: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e')
  const power = Number(exponent)
  const trimmed = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
  if (power >= -4 && power < digits) return trimmed(value.toFixed(Math.max(0, digits - 1 - power)))
  const sign = power < 0 ? '-' : '+'
  return `${trimmed(mantissa)}e${sign}${String(Math.abs(power)).padStart(2, '0')}`
}
