// Makes each shipped example's explanation.json from its checkpoint and inputs, by the command line.
//   npm run examples
import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const examples = join(root, 'public', 'examples')
const json = (...path) => JSON.parse(readFileSync(join(examples, ...path), 'utf8'))

for (const id of json('index.json')) {
  const {checkpoint, inputs, classes, explanation} = json(id, 'card.json')
  const at = (name) => join('public', 'examples', id, name)
  const args = ['explain', at(checkpoint), ...inputs.map(at), '--classes', classes.join(','), '--json', at(explanation)]
  execFileSync(process.execPath, [join(root, 'bin', 'density-lens.mjs'), ...args], {cwd: root, stdio: 'inherit'})
}
