import type {FileValue, Inert, TensorArchive, TensorEntry} from '@/lib/formats/archive'

/** A tensor of the state dict. `key` is its name inside the model, without what wrapped it. */
export interface Parameter {
  readonly key: string
  readonly entry: TensorEntry
}

/** Keys under which trainers put the state dict, outermost first (as trainers in this field save them). */
const wrappers = ['state_dict', 'model_state_dict', 'model', 'module']

/** Top-level keys that never hold parameters. Saved maps repeat one list per batch, so walking them would be slow. */
const aside = /^(attention_weights|attention_details|optim\w*|\w*scheduler\w*|\w*scaler\w*)$/i

/** What torch puts between a pickled module and its tensors. */
const moduleParts = new Set(['_modules', '_parameters', '_buffers'])

/** What DataParallel, torch.compile and Lightning put before every name. */
const prefix = /^(module\.|_orig_mod\.|model\.)+/

const lists = new WeakMap<object, readonly Parameter[]>()

/**
 * The tensors of the archive's state dict, in file order, wrappers taken off. Reads nothing; listed once for each file,
 * since every family asks.
 */
export function parametersOf({contents}: TensorArchive): readonly Parameter[] {
  if (typeof contents !== 'object' || contents === null) return []
  const known = lists.get(contents)
  if (known) return known
  const found: Parameter[] = []
  walk(stateDict(contents), '', {above: new Set(), visits: new Map()}, found)
  lists.set(contents, found)
  return found
}

const maps = new WeakMap<readonly Parameter[], ReadonlyMap<string, Parameter>>()

/** The same tensors by key. Made once for each list, since every module of a file asks. */
export function byKeyIn(parameters: readonly Parameter[]): ReadonlyMap<string, Parameter> {
  const known = maps.get(parameters) ?? new Map(parameters.map((parameter) => [parameter.key, parameter]))
  maps.set(parameters, known)
  return known
}

const shortKeys = new WeakMap<readonly Parameter[], readonly string[]>()

/** The short names of those that are not `taken`. */
export function unusedOf(parameters: readonly Parameter[], taken: Iterable<Parameter>): string[] {
  const names = shortKeys.get(parameters) ?? parameters.map(({key}) => shortKey(key))
  shortKeys.set(parameters, names)
  const used = new Set(taken)
  return names.filter((_, i) => !used.has(parameters[i]!))
}

/** A name as a person knows it from the model's source. */
export const shortKey = (key: string): string => key.replace(prefix, '')

/** Descends through wrappers for as long as there are any. */
function stateDict(contents: FileValue): FileValue {
  if (!isMap(contents)) return contents
  const inner = wrappers.map((key) => contents.get(key)).find((value) => isMap(value) || isInert(value))
  return inner === undefined ? contents : stateDict(inner)
}

/** Pickles may hold themselves, and one thing in many places. */
interface Way {
  /** The containers on the way here. */
  readonly above: Set<FileValue>
  /** How often each container was come to. */
  readonly visits: Map<FileValue, number>
}

// Lists that hold each other twice, sixty deep, would otherwise have more places than can ever be walked.
const mostVisits = 16

function walk(value: FileValue, path: string, way: Way, found: Parameter[]): void {
  const {above, visits} = way
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array || above.has(value)) return
  if (isEntry(value)) return void found.push({key: path, entry: value})
  const visit = 1 + (visits.get(value) ?? 0)
  if (visit > mostVisits) return
  visits.set(value, visit)
  above.add(value)
  for (const [key, item] of childrenOf(value)) {
    if (path === '' && aside.test(key)) continue
    const isNamed = key !== '' && !moduleParts.has(key)
    walk(item, isNamed && path !== '' ? `${path}.${key}` : isNamed ? key : path, way, found)
  }
  above.delete(value)
}

function* childrenOf(value: FileValue): Generator<[key: string, value: FileValue], undefined> {
  if (isMap(value)) for (const [key, item] of value) yield [String(key), item]
  else if (Array.isArray(value)) for (let i = 0; i < value.length; i++) yield [String(i), value[i] as FileValue]
  else if (isInert(value)) {
    // A pickled object is its state; what made it (class, arguments) adds no name.
    yield ['', value.state]
    for (const item of value.args) yield ['', item]
  }
}

export const isMap = (value: FileValue | undefined): value is ReadonlyMap<FileValue, FileValue> => value instanceof Map

export const isEntry = (value: FileValue | undefined): value is TensorEntry =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'tensor'

const isInert = (value: FileValue | undefined): value is Inert =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'inert'
