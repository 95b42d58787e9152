import {fileURLToPath} from 'node:url'
import {playwright} from '@vitest/browser-playwright'
import {defineConfig} from 'vitest/config'
import {stockImports} from './scripts/stockImports.mjs'

const root = fileURLToPath(new URL('.', import.meta.url))

const resolve = {alias: {'@': root}}

// SwiftShader is a software adapter: slow, deterministic, and everywhere.
const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader'
]

// All three, or a WebGPU canvas takes the GPU process with it; and everything else is drawn slower for them.
const canvasFlags = ['--use-angle=swiftshader', '--enable-features=Vulkan', '--use-vulkan=swiftshader']
const onCanvas = ['test/gpu/mapCanvas.browser.ts', 'test/engine/worker.browser.ts']

const chromium = (args: string[]) =>
  playwright({
    // Large enough for every window that a test asks for, so that none is scaled.
    contextOptions: {viewport: {width: 1500, height: 3700}},
    launchOptions: {...(process.env.CHROMIUM ? {executablePath: process.env.CHROMIUM} : {}), args}
  })

export default defineConfig({
  test: {
    projects: [
      {resolve, test: {name: 'node', environment: 'node', include: ['test/**/*.test.ts'], testTimeout: 30_000}},
      {
        resolve,
        // Discovered during a run, these would reload the page under the tests.
        optimizeDeps: {
          include: [
            '@tensorflow/tfjs-core',
            '@tensorflow/tfjs-core/dist/register_all_gradients',
            '@tensorflow/tfjs-backend-cpu',
            '@tensorflow/tfjs-backend-wasm',
            '@tensorflow/tfjs-backend-webgpu',
            ...stockImports,
            'd3',
            'react',
            'react-dom/client',
            'react/jsx-dev-runtime',
            'zustand',
            'zustand/vanilla'
          ]
        },
        test: {
          name: 'browser',
          include: ['test/**/*.browser.{ts,tsx}'],
          globalSetup: ['test/formats/browserServer.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            expect: {
              // One picture for every system: letters may be smoothed otherwise, nothing may stand elsewhere.
              toMatchScreenshot: {
                comparatorName: 'pixelmatch',
                comparatorOptions: {threshold: 0.2, allowedMismatchedPixelRatio: 0.02},
                resolveScreenshotPath: ({arg, ext}) => `${root}test/output/pages/${arg}${ext}`
              }
            },
            provider: chromium(flags),
            instances: [
              {browser: 'chromium', exclude: onCanvas},
              {
                browser: 'chromium',
                name: 'browser (canvas)',
                include: onCanvas,
                provider: chromium([...flags, ...canvasFlags])
              }
            ]
          }
        }
      }
    ]
  }
})
