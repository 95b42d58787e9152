// Kills servers while they write, at each store: npm run kill -- [TIMES], 200 unless told otherwise.
import {join} from 'node:path'
import {root, runNode} from './child.mjs'

const times = process.argv[2] ?? '200'
if (!(Number(times) > 0)) {
  console.error(`kill: found ${times}; needed how many times, a number above 0`)
  process.exit(2)
}
const args = ['run', '--project', 'node', 'test/share/store/kill.test.ts']
process.exitCode = (await runNode(join(root, 'node_modules/vitest/vitest.mjs'), args, {env: {KILLS: times}})) ?? 1
