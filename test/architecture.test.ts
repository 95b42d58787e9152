import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, it} from 'vitest'

// The house, ground floor first. A file may import from its own floor or from
// any floor below it.
const floors = [
  'lib/core',
  'lib/formats',
  'lib/models',
  'lib/explain',
  'lib/views',
  'lib/draw',
  'lib/share',
  'lib/state',
  'components',
  'app'
]

// Packages that are only welcome in some rooms.
const rooms: [pattern: RegExp, allowed: string[]][] = [
  [/^@tensorflow\//, ['lib/models']],
  [/^d3-(selection|transition|zoom|drag|brush|axis)$/, ['lib/draw']],
  [/^(react|react-dom|next)(\/|$)/, ['components', 'app']],
  [/^zustand/, ['lib/state', 'components']]
]

// '@/lib/x' and './x' both become paths from the root; packages keep their names.
const resolve = (file: string, to: string) =>
  to.startsWith('@/') ? to.slice(2) : to.startsWith('.') ? join(dirname(file), to) : to
const floorOf = (path: string) => floors.findIndex((floor) => path.startsWith(`${floor}/`))
const files = ['lib', 'components', 'app'].flatMap((dir) =>
  existsSync(dir)
    ? readdirSync(dir, {recursive: true, encoding: 'utf8'})
        .filter((f) => /\.tsx?$/.test(f))
        .map((f) => `${dir}/${f}`)
    : []
)
const imports = files.flatMap((file) =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)[^'"]*?from\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm
    )
  ].map((m) => ({file, to: resolve(file, (m[1] ?? m[2])!)}))
)

it('every file stands on a floor', () => {
  expect(files.filter((file) => floorOf(file) < 0)).toEqual([])
})

it('imports go down the house, never up', () => {
  const climbing = imports.filter(({file, to}) => floorOf(to) > floorOf(file))
  expect(climbing.map(({file, to}) => `${file} → ${to}`)).toEqual([])
})

it('packages stay in their rooms', () => {
  const strays = imports.filter(({file, to}) =>
    rooms.some(([p, ok]) => p.test(to) && !ok.some((dir) => file.startsWith(`${dir}/`)))
  )
  expect(strays.map(({file, to}) => `${file} → ${to}`)).toEqual([])
})

it('no file imports itself, however long the way round', () => {
  const next = (file: string) =>
    imports.filter((i) => i.file === file).map((i) => files.find((f) => f.replace(/\.tsx?$/, '') === i.to))
  const done = new Set<string>()
  const loops: string[] = []
  const walk = (file: string, path: string[]) => {
    if (path.includes(file)) return void loops.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (done.has(file)) return
    for (const to of next(file)) if (to) walk(to, [...path, file])
    done.add(file)
  }
  files.forEach((file) => walk(file, []))
  expect(loops).toEqual([])
})
