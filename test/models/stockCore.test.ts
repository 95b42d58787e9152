import {existsSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const core = readFileSync(join(root, 'lib/models/stock/core.ts'), 'utf8')
const shared = readFileSync(join(root, 'lib/models/stock/cpuShared.ts'), 'utf8')
const backends = ['webgpu', 'wasm', 'cpu'] as const

// Bundled, these are what the core and the shared arithmetic consist of. A name that is missing from a namespace would
// be undefined on the reader's machine, and nowhere else.
describe.each(backends)('the operations listed for %s', (backend) => {
  const texts = reached(backend)

  it('are found, with what they are made of', () => {
    expect(texts.size).toBeGreaterThan(40)
  })

  it.each(['util', 'backend_util', 'slice_util', 'broadcast_util', 'kernel_impls'])(
    'find what they take of %s',
    (room) => {
      const taken = [...texts.values()].flatMap((text) => members(text, room))
      expect(taken.filter((name) => !given(room).includes(name))).toEqual([])
    }
  )

  it('take nothing of namespaces that the core here has not', () => {
    const names = [...texts.values()]
      .flatMap(namesFromCore)
      .filter((name) => /_(util|impls)$|^(browser|io|math)$/.test(name))
    expect(names.filter((name) => !core.includes(`export const ${name} = `))).toEqual([])
  })

  it('find the arithmetic of small tensors', () => {
    // Where the whole list is taken apart, what no operation names is left undefined.
    const users = [...texts].filter(([path]) => !path.endsWith('kernel_utils/shared.js'))
    const taken = users.flatMap(([, text]) =>
      [...text.matchAll(/\b(?!SimpleUnaryKernel)(\w+Impl)CPU\b/g)].map(([, name]) => name)
    )
    const lent = [...shared.matchAll(/export \{(\w+)\}/g)].map(([, name]) => name)
    expect(taken.filter((name) => !lent.includes(name))).toEqual([])
  })
})

/** The texts of a backend's modules that its list of operations leads to, by path, without comments. */
function reached(backend: string): Map<string, string> {
  const list = readFileSync(join(root, `lib/models/stock/${backend}.ts`), 'utf8')
  const found = new Map<string, string>()
  const follow = (path: string) => {
    // The list of all that may be lent is handed on by the backend and not used.
    if (found.has(path) || path.endsWith('tfjs-backend-cpu/dist/shared.js') || !existsSync(path)) return
    const text = readFileSync(path, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    found.set(path, text)
    for (const [, to] of text.matchAll(/(?:from|import) '(\.[^']+)'/g)) follow(`${join(dirname(path), to!)}.js`)
    // What it borrows of the backend in plain JavaScript.
    if (text.includes('tfjs-backend-cpu/dist/shared')) {
      for (const [, to] of shared.matchAll(/from '([^']+)'/g)) follow(join(root, 'node_modules', `${to}.js`))
    }
  }
  for (const [, to] of list.matchAll(/'(@tensorflow\/tfjs-backend-[^']+)'/g))
    follow(join(root, 'node_modules', `${to}.js`))
  return found
}

const members = (text: string, room: string): string[] =>
  [...text.matchAll(new RegExp(`(?<![\\w.])${room}\\.(\\w+)`, 'g'))].map(([, name]) => name!)

const namesFromCore = (text: string): string[] =>
  [...text.matchAll(/import \{([^}]*)\} from '@tensorflow\/tfjs-core'/g)].flatMap(([, names]) =>
    names!.split(',').map((name) => name.trim().split(' ')[0]!)
  )

function given(room: string): string[] {
  const [, body = ''] = new RegExp(`export const ${room} = \\{([\\s\\S]*?)\\n?\\}\\n`).exec(core) ?? []
  return [...body.matchAll(/(?:^|[\n{,])\s*(\w+)(?=[:,]|\s*$)/g)].map(([, name]) => name!)
}
