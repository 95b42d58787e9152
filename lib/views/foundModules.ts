import type {FileReport} from '@/lib/engine/protocol'
import type {TensorEntry} from '@/lib/formats/archive'
import type {CandidateModule} from '@/lib/models/candidates'

/** Every module of a file, the likeliest first; one that was bound by hand stands before them. */
export function foundModules({detection, candidates = []}: FileReport): readonly CandidateModule[] {
  const found = candidates.flatMap(({modules}) => modules)
  if (detection.family === null || found.some(({at}) => at === detection.at)) return found
  const {title, at, bindings, missing, disagreements = [], headCount, layers, features} = detection
  return [{title, at, bindings, missing, disagreements, headCount, layers, features}, ...found]
}

/** A parameter of the file that a module has no role for, and the other module that has; null when none has. */
export interface UnusedTensor {
  readonly entry: TensorEntry
  readonly usedAt: string | null
}

/** The parameters that a module leaves aside, in file order; of a file that says nothing of its parameters none. */
export function unusedBy(module: CandidateModule, report: FileReport): readonly UnusedTensor[] {
  const parameters = new Set(report.parameters)
  const own = new Set(module.bindings.map(({name}) => name))
  const others = new Map(
    foundModules(report).flatMap(({at, bindings}) => bindings.map(({name}): [string, string] => [name, at]))
  )
  return report.entries
    .filter(({name}) => parameters.has(name) && !own.has(name))
    .map((entry) => ({entry, usedAt: others.get(entry.name) ?? null}))
}

/** `12 × 64`; what only inputs can tell is left out. */
export function moduleSize({layers, features}: CandidateModule): string {
  const number = (n: number) => n.toLocaleString('en-US')
  if (layers !== null && features !== null) return `${number(layers)} × ${number(features)}`
  if (features !== null) return `${number(features)} features`
  return layers === null ? '' : `${number(layers)} rows`
}
