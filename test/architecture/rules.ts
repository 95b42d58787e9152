import {isBuiltin} from 'node:module'
import type {Import, Module} from './modules'

/** The house, ground floor first: a file may import from its own floor or from any floor below it. */
export const floors = [
  'lib/core',
  'lib/formats',
  'lib/models',
  'lib/explain',
  'lib/engine',
  'lib/views',
  'lib/draw',
  'lib/share',
  'lib/state',
  'components',
  'app'
]

const within = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)
const isOurs = (to: string) => !isPackage(to)
const isPackage = (to: string) => !/^(app|bin|components|lib)\/|^proxy(\.ts)?$/.test(to)
const arrow = (from: string, to: string) => `${from} → ${to}`

/** 0 for the ground floor; -1 for what stands on none. The proxy answers requests, as routes do. */
function floorOf(path: string): number {
  if (path === 'instrumentation.ts' || path === 'proxy.ts') return floors.indexOf('app')
  return floors.findIndex((floor) => within(path, floor))
}

// The command line is a house of its own on the same ground: it reaches up to the engine, and to the form in which
// explanations travel; nothing stands on it.
function mayImport(from: string, to: string): boolean {
  if (within(from, 'bin'))
    return within(to, 'bin') || within(to, 'lib/share') || floorOf(to) <= floors.indexOf('lib/engine')
  return !within(to, 'bin') && floorOf(to) <= floorOf(from)
}

/** Files that stand on no floor. */
export function homeless(modules: readonly Module[]): string[] {
  return modules.map(({path}) => path).filter((path) => floorOf(path) < 0 && !within(path, 'bin'))
}

/** Imports that lead up the house. */
export function climbing(modules: readonly Module[]): string[] {
  return modules.flatMap(({path, imports}) =>
    imports.filter(({to}) => isOurs(to) && !mayImport(path, to)).map(({to}) => arrow(path, to))
  )
}

/** A package, or some names of it, and the only folders that may import it. */
interface Room {
  readonly named: (to: string) => boolean
  readonly names?: RegExp
  readonly folders: readonly string[]
}

const under =
  (...packages: readonly string[]) =>
  (to: string) =>
    packages.some((name) => within(to, name))

// What of d3 touches the DOM, functions and types; `*` could be any of it.
const domNames =
  /^(\*|select(ion|or)?(All)?|create|creator|matcher|local|namespaces?|window|style|pointers?|transition|active|interrupt|(zoom|drag|brush|axis)\w*|Selection|BaseType|D3\w+Event|(Zoom|Drag|Brush|Axis|Transition)\w*)$/

const rooms: readonly Room[] = [
  {named: (to) => to.startsWith('@tensorflow/'), folders: ['lib/models', 'bin']},
  {named: under('d3'), names: domNames, folders: ['lib/draw']},
  // The parts of d3 are not ours to name: the whole shakes down to the same size.
  {named: (to) => to.startsWith('d3-'), folders: []},
  {named: under('react', 'react-dom', 'next'), folders: ['components', 'app', 'proxy.ts']},
  {named: under('zustand/vanilla'), folders: ['lib/state']},
  {named: (to) => within(to, 'zustand') && !within(to, 'zustand/vanilla'), folders: ['components']},
  {named: under('pg', 'aws4fetch'), folders: ['lib/share/store']},
  {named: isBuiltin, folders: ['bin', 'lib/share/store']}
]

/** Imports of packages outside the rooms they are welcome in. */
export function strays(modules: readonly Module[]): string[] {
  const strange = (path: string, {to, names}: Import) =>
    rooms.some(
      (room) =>
        room.named(to) &&
        (!room.names || names.some((name) => room.names!.test(name))) &&
        !room.folders.some((folder) => within(path, folder))
    )
  return modules.flatMap(({path, imports}) =>
    imports.filter((found) => isPackage(found.to) && strange(path, found)).map(({to}) => arrow(path, to))
  )
}

/** Ways by which a file imports itself, one for each circle. */
export function cycles(modules: readonly Module[]): string[] {
  const next = new Map(modules.map(({path, imports}) => [path, [...new Set(imports.map(({to}) => to))]]))
  const done = new Set<string>()
  const found: string[] = []
  const walk = (path: string, way: readonly string[]) => {
    const start = way.indexOf(path)
    if (start >= 0) return void found.push([...way.slice(start), path].join(' → '))
    if (done.has(path)) return
    for (const to of next.get(path) ?? []) if (next.has(to)) walk(to, [...way, path])
    done.add(path)
  }
  for (const path of next.keys()) walk(path, [])
  return found
}

// They stall the GPU, and through WebGPU can give zeros and lose the device without a word. `readSync` is also a
// function of Node's, which the command line may call.
const blocking = ['dataSync', 'arraySync', 'bufferSync', 'bytesSync']

/** Uses of TensorFlow.js calls that read a tensor back while everything waits. */
export function blockingReads(modules: readonly Module[]): string[] {
  return modules.flatMap(({path, identifiers}) =>
    [...blocking, ...(within(path, 'bin') ? [] : ['readSync'])]
      .filter((name) => identifiers.has(name))
      .map((name) => `${path}: ${name}`)
  )
}
