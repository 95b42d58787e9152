// Prints how stored explanations hold under load: npm run load -- [options]; test/share/store/load.ts says which.
import {join} from 'node:path'
import {root, runNode} from './child.mjs'

const args = ['--import', 'tsx', join(root, 'test/share/store/load.ts'), ...process.argv.slice(2)]
process.exitCode = (await runNode(args[0], args.slice(1))) ?? 1
