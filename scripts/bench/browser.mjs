import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {root} from '../child.mjs'
import {findChromium} from '../chromium.mjs'
import {stockImports} from '../stockImports.mjs'

const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]
/**
 * Flags under which headless Chromium computes by WebGPU everywhere, and asks for nothing on its own. It cannot show a
 * WebGPU canvas so; with what that takes, a plain one is drawn by the software adapter, too, and many times slower.
 */
export const flags = [...quiet, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']

/** Opens a page of test/bench in headless Chromium, served with what the app's own pages are served with. */
export async function openPage(path = 'index.html') {
  const {createServer} = await import('vite')
  const {chromium} = await import('playwright')
  const server = await createServer({
    configFile: false,
    root,
    logLevel: 'error',
    appType: 'mpa',
    // Apart from the tests', which would be built anew for us and ours for them.
    cacheDir: join(root, 'node_modules/.vite/bench'),
    resolve: {alias: {'@': root}},
    optimizeDeps: {
      entries: ['test/bench/*.ts'],
      include: [
        '@tensorflow/tfjs-core',
        '@tensorflow/tfjs-core/dist/register_all_gradients',
        '@tensorflow/tfjs-backend-cpu',
        '@tensorflow/tfjs-backend-wasm',
        '@tensorflow/tfjs-backend-webgpu',
        ...stockImports
      ],
      // It finds its own files by its own address.
      exclude: ['onnxruntime-web']
    },
    server: {
      port: 0,
      host: '127.0.0.1',
      hmr: false,
      watch: null,
      headers: {'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp'}
    }
  })
  await server.listen()
  const browser = await chromium.launch({executablePath: await findChromium(), args: flags})
  const page = await browser.newPage({viewport: {width: 1280, height: 800}})
  const complaints = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/test/bench/${path}`)
  return {
    page,
    complaints,
    version: browser.version(),
    close: async () => {
      await browser.close()
      await server.close()
    }
  }
}

/** Version of an installed package. */
export const versionOf = (name) =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
