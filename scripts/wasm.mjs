import {copyFile, mkdir, readdir, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {root} from './child.mjs'

/** Puts the compiled WASM backend where the page can fetch it: public/wasm. */
export async function copyWasm() {
  const from = join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist')
  const to = join(root, 'public/wasm')
  await mkdir(to, {recursive: true})
  for (const name of (await readdir(from)).filter((file) => file.endsWith('.wasm'))) {
    if (!(await sameSize(join(from, name), join(to, name)))) await copyFile(join(from, name), join(to, name))
  }
}

const sizeOf = async (path) => (await stat(path).catch(() => null))?.size
const sameSize = async (a, b) => (await sizeOf(a)) === (await sizeOf(b))
