import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {defineConfig} from '@playwright/test'

// The built app, on a port of its own so that a running `npm start` is neither tested nor disturbed.
const port = Number(process.env.E2E_PORT ?? 3217)

// Workers read this file, too, and find it set.
process.env.E2E_STORE ??= mkdtempSync(join(tmpdir(), 'density-lens-e2e-'))

const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]
// SwiftShader computes and shows WebGPU without a graphics card; leave one of these out and a WebGPU canvas is blank.
const webgpu = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--use-angle=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader'
]
// What it hears in place of a microphone, again and again; leave to listen is given unasked.
const microphone = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  `--use-file-for-fake-audio-capture=${resolve('public/examples/speech/yes.wav')}`
]
const launch = (args: string[]) => ({
  args,
  ...(process.env.CHROMIUM ? {executablePath: process.env.CHROMIUM} : {})
})

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: {timeout: 15_000},
  fullyParallel: false,
  // One mostly waits while the other computes.
  workers: 2,
  // A test that passes now and then has failed.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: {width: 1280, height: 800}
  },
  projects: [
    // First, since it is the longest and waits most.
    {name: 'watch', testMatch: '**/watch.spec.ts', use: {launchOptions: launch([...quiet, ...webgpu])}},
    {
      name: 'webgpu',
      testIgnore: ['**/watch.spec.ts', '**/withoutWebgpu.spec.ts', '**/microphone.spec.ts'],
      use: {launchOptions: launch([...quiet, ...webgpu])}
    },
    {name: 'no webgpu', testMatch: '**/withoutWebgpu.spec.ts', use: {launchOptions: launch(quiet)}},
    {
      name: 'microphone',
      testMatch: '**/microphone.spec.ts',
      use: {launchOptions: launch([...quiet, ...microphone])}
    }
  ],
  webServer: {
    command: `node node_modules/next/dist/bin/next start --port ${port}`,
    url: `http://localhost:${port}`,
    env: {NEXT_TELEMETRY_DISABLED: '1', DENSITY_LENS_STORE: `file:${process.env.E2E_STORE}`},
    reuseExistingServer: false,
    timeout: 60_000
  }
})
