import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {root} from './child.mjs'

const importsOf = (backend) =>
  readFileSync(join(root, `lib/models/stock/${backend}.ts`), 'utf8').match(/(?<=')@tensorflow\/[^']+/g) ?? []

/** What the app imports of TensorFlow.js's backends, for Vite to pack before a run and not during it. */
export const stockImports = ['webgpu', 'wasm', 'cpu'].flatMap(importsOf)
