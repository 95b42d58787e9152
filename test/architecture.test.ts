import {describe, expect, it} from 'vitest'
import {filesOnDisk, readModules} from './architecture/modules'
import {blockingReads, climbing, cycles, floors, homeless, strays} from './architecture/rules'

const house = filesOnDisk()
const modules = readModules(house)

/** The house with a few more files in it. */
function planted(files: Readonly<Record<string, string>>) {
  const added = new Map(Object.entries(files))
  return [...modules.filter(({path}) => !added.has(path)), ...readModules(added, house)]
}

describe('the house', () => {
  it('is read: files of every floor that has any, and what they import', () => {
    expect([...house.keys()]).toEqual(
      expect.arrayContaining(['lib/core/grid.ts', 'lib/engine/protocol.ts', 'proxy.ts'])
    )
    expect(modules.find(({path}) => path === 'lib/engine/protocol.ts')!.imports.map(({to}) => to)).toContain(
      'lib/core/grid.ts'
    )
  })

  it('has every file on a floor', () => {
    expect(homeless(modules)).toEqual([])
  })

  it('has imports that go down, never up', () => {
    expect(climbing(modules)).toEqual([])
  })

  it('keeps packages in their rooms', () => {
    expect(strays(modules)).toEqual([])
  })

  it('has no file that imports itself, however long the way round', () => {
    expect(cycles(modules)).toEqual([])
  })

  it('never waits for a tensor', () => {
    expect(blockingReads(modules)).toEqual([])
  })
})

describe('a climbing import is seen', () => {
  const ways = {
    'as a statement': "import {figure} from '@/lib/draw/figure'",
    'over several lines': "import {\n  figure\n} from '@/lib/draw/figure'",
    'by a relative path': "import {figure} from '../draw/figure'",
    'as a type': "import type {Figure} from '@/lib/draw/figure'",
    'as an inline type': "type Figure = import('@/lib/draw/figure').Figure",
    'for its side effects': "import '@/lib/draw/figure'",
    'as a re-export': "export * from '@/lib/draw/figure'",
    'when it is loaded late': "const late = () => import('@/lib/draw/figure')",
    'as a worker': "new Worker(new URL('../draw/figure.ts', import.meta.url))"
  }
  it.each(Object.entries(ways))('%s', (_, text) => {
    expect(climbing(planted({'lib/views/planted.ts': text}))).toEqual(['lib/views/planted.ts → lib/draw/figure.ts'])
  })

  it('from every floor to the one above it', () => {
    for (const [index, floor] of floors.slice(0, -1).entries()) {
      const above = `${floors[index + 1]}/above.ts`
      const tree = planted({[`${floor}/planted.ts`]: `import '@/${above}'`, [above]: ''})
      expect(climbing(tree)).toEqual([`${floor}/planted.ts → ${above}`])
    }
  })

  it('from the command line past the engine, and from anywhere to the command line', () => {
    expect(climbing(planted({'bin/planted.ts': "import '@/lib/engine/protocol'"}))).toEqual([])
    expect(climbing(planted({'bin/planted.ts': "import '@/lib/views/frame'"}))).toEqual([
      'bin/planted.ts → lib/views/frame.ts'
    ])
    expect(climbing(planted({'app/planted.ts': "import '@/bin/planted'", 'bin/planted.ts': ''}))).toEqual([
      'app/planted.ts → bin/planted.ts'
    ])
  })

  it('and not in a comment or a string', () => {
    const text = "// import {figure} from '@/lib/draw/figure'\nexport const text = \"import '@/lib/draw/figure'\""
    expect(climbing(planted({'lib/views/planted.ts': text}))).toEqual([])
  })
})

describe('a cycle is seen', () => {
  it('between two files', () => {
    const tree = planted({'lib/views/one.ts': "import './two'", 'lib/views/two.ts': "import '@/lib/views/one'"})
    expect(cycles(tree)).toEqual(['lib/views/one.ts → lib/views/two.ts → lib/views/one.ts'])
  })

  it('through a third, through a type, and of a file with itself', () => {
    const tree = planted({
      'lib/core/a.ts': "import './b'",
      'lib/core/b.ts': "export * from './c'",
      'lib/core/c.ts': "import type {A} from './a'",
      'lib/core/d.ts': "import './d'"
    })
    expect(cycles(tree)).toEqual([
      'lib/core/a.ts → lib/core/b.ts → lib/core/c.ts → lib/core/a.ts',
      'lib/core/d.ts → lib/core/d.ts'
    ])
  })
})

describe('a stray package is seen', () => {
  it.each([
    ['lib/explain/planted.ts', "import {tensor} from '@tensorflow/tfjs-core'", '@tensorflow/tfjs-core'],
    ['components/planted.tsx', "const late = () => import('@tensorflow/tfjs')", '@tensorflow/tfjs'],
    ['lib/views/planted.ts', "import {scaleLinear, select} from 'd3'", 'd3'],
    ['lib/views/planted.ts', "import {axisBottom as scale} from 'd3'", 'd3'],
    ['lib/views/planted.ts', "import type {Selection} from 'd3'", 'd3'],
    ['components/planted.tsx', "import * as d3 from 'd3'", 'd3'],
    ['lib/draw/planted.ts', "import {select} from 'd3-selection'", 'd3-selection'],
    ['lib/state/planted.ts', "import {useState} from 'react'", 'react'],
    ['lib/draw/planted.tsx', "import {createRoot} from 'react-dom/client'", 'react-dom/client'],
    ['lib/share/planted.ts', "import {headers} from 'next/headers'", 'next/headers'],
    ['lib/state/planted.ts', "import {create} from 'zustand'", 'zustand'],
    ['lib/views/planted.ts', "import {createStore} from 'zustand/vanilla'", 'zustand/vanilla'],
    ['lib/formats/planted.ts', "import {open} from 'node:fs/promises'", 'node:fs/promises'],
    ['lib/share/planted.ts', "import {join} from 'path'", 'path']
  ])('in %s: %s', (path, text, name) => {
    expect(strays(planted({[path]: text}))).toEqual([`${path} → ${name}`])
  })

  it.each([
    ['lib/models/planted.ts', "import {tensor} from '@tensorflow/tfjs-core'"],
    ['lib/draw/planted.ts', "import {axisBottom, select, zoom} from 'd3'"],
    ['lib/views/planted.ts', "import {scaleLinear, type ScaleLinear, max} from 'd3'"],
    ['components/planted.tsx', "import {useState} from 'react'\nimport {useStore} from 'zustand'"],
    ['lib/share/store/planted.ts', "import {open} from 'node:fs/promises'"],
    ['bin/planted.ts', "import {open} from 'node:fs/promises'\nimport '@tensorflow/tfjs'"]
  ])('and a welcome one is let be, in %s: %s', (path, text) => {
    expect(strays(planted({[path]: text}))).toEqual([])
  })
})

it('a file that stands on no floor is seen', () => {
  expect(homeless(planted({'lib/utils.ts': '', 'lib/corefoo/x.ts': ''}))).toEqual(['lib/utils.ts', 'lib/corefoo/x.ts'])
})

it('a blocking read is seen, in code and not in a comment', () => {
  const tree = planted({
    'lib/models/planted.ts': 'export const values = tensor.dataSync()',
    'lib/models/quiet.ts': '// never dataSync',
    'bin/planted.ts': 'readSync(descriptor, buffer)'
  })
  expect(blockingReads(tree)).toEqual(['lib/models/planted.ts: dataSync'])
})
