import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {root, StepError} from './child.mjs'

/**
 * What an exported HTML file is made of, each as text: `script`, a classic script with the figure and all it needs;
 * `style`, its style sheet with the fonts inside; `fonts`, the faces alone, for pictures.
 */
export async function packStandalone(top = root) {
  // esbuild comes with tsx, which the command line runs on.
  const {build} = await import('esbuild')
  const shared = {absWorkingDir: top, bundle: true, minify: true, write: false, charset: 'utf8', logLevel: 'silent'}
  const loader = {'.woff2': 'dataurl'}
  const [script, style, fonts] = await Promise.all([
    build({
      ...shared,
      entryPoints: ['components/export/standalone.ts'],
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      legalComments: 'none',
      alias: {'@': top},
      plugins: [nothingLater],
      define: {'process.env.NODE_ENV': '"production"'}
    }),
    build({...shared, entryPoints: ['app/styles/standalone.css'], loader}),
    build({...shared, entryPoints: ['app/styles/exportFonts.css'], loader})
  ])
  const textOf = ({outputFiles: [file]}) => file.text
  return {script: textOf(script), style: textOf(style), fonts: textOf(fonts)}
}

/**
 * A page that is one file has nothing to fetch later: what the app imports then is imported at once. A script that may be
 * asked for later is packed whole, with all of the packages it names.
 */
const nothingLater = {
  name: 'nothing-later',
  setup: (build) =>
    build.onLoad({filter: /Later\.ts$/}, async ({path}) => {
      const asked = []
      const text = (await readFile(path, 'utf8')).replace(/await import\(('[^']+')\)/g, (_, from) => {
        asked.push(from)
        return `asked${asked.length - 1}`
      })
      return {
        contents: [...asked.map((from, i) => `import * as asked${i} from ${from}`), text].join('\n'),
        loader: 'ts'
      }
    })
}

const names = {script: 'figure.js', style: 'figure.css', fonts: 'fonts.css'}

/** Packs it from the sources as they are now and puts it where the page can fetch it: public/export. */
export async function putStandalone() {
  const to = join(root, 'public/export')
  await mkdir(to, {recursive: true})
  const packed = await packStandalone().catch((error) => {
    throw new StepError(`what exported pages carry could not be packed: ${error.message}`)
  })
  await Promise.all(Object.entries(names).map(([part, name]) => put(join(to, name), packed[part])))
}

// A server may be reading the one before: it changes whole, and only when it differs.
async function put(path, text) {
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return
  const aside = `${path}.${process.pid}`
  await writeFile(aside, text)
  await rename(aside, path)
}
