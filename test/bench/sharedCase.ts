import {type Case, caseNamed, type LayerCase, type MixtureCase} from './cases'
import type {SharedCase} from './laneCalls'
import {layerReference} from './layerReference'
import {meanOverTime, mixtureReference} from './reference'
import {fillWithValues} from './values'

/** A case's numbers and what float64 makes of them. */
export function sharedCase(name: string): SharedCase {
  const its = caseNamed(name)
  const size = its.shape.reduce((a, b) => a * b, 1)
  const x = new Float32Array(new SharedArrayBuffer(size * 4))
  fillWithValues(x)
  const upstream = new Float32Array(new SharedArrayBuffer(its.kind === 'layer' ? size * 4 : 0))
  // The same numbers the other way round: unrelated to x, place by place.
  for (let i = 0; i < upstream.length; i++) upstream[i] = x[size - 1 - i]!
  return {name, x, upstream, references: referencesOf(its, x, upstream)}
}

function referencesOf(its: Case, x: Float32Array, upstream: Float32Array): SharedCase['references'] {
  return its.kind === 'layer' ? layerReferences(its, x, upstream) : mixtureReferences(its, x)
}

function layerReferences(its: LayerCase, x: Float32Array, upstream: Float32Array): SharedCase['references'] {
  const reference = {copy: x, ...layerReference(x, upstream, its)}
  return Object.fromEntries(Object.entries(reference).map(([name, values]) => [name, shared(values)]))
}

function mixtureReferences({shape, gaussians}: MixtureCase, x: Float32Array): SharedCase['references'] {
  const references: Record<string, Float64Array> = {copy: shared(x)}
  const weights = new Float64Array(x.length)
  for (const [axis, name] of [
    [1, 'overLayers'],
    [2, 'overTime'],
    [3, 'output']
  ] as const) {
    const output = new Float64Array(new SharedArrayBuffer(x.length * 8))
    mixtureReference(x, shape, axis, gaussians, {output, weights})
    references[name] = output
  }
  // Of the last axis, whose weights the others' have given way to.
  references.importance = shared(meanOverTime(weights, shape))
  references.mean = shared(meanOverTime(x, shape))
  return references
}

function shared(values: Float64Array | Float32Array): Float64Array {
  const own = new Float64Array(new SharedArrayBuffer(values.length * 8))
  own.set(values)
  return own
}
