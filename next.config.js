// A worker takes its policy from its own response, not from the page that starts it. The WebAssembly backend starts
// its threads from blobs. It alone may ask other servers, for the files whose addresses a person gave; which those will
// be nobody knows beforehand. Plain http only on this machine, where nobody can listen.
const workerPolicy = [
  "default-src 'self'",
  "script-src 'self' blob: 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self' blob: data: https: http://localhost:* http://127.0.0.1:*",
  "object-src 'none'"
].join('; ')

// Isolation gives shared memory to WebAssembly threads and a fine clock to measurements.
const isolation = [
  {key: 'Cross-Origin-Opener-Policy', value: 'same-origin'},
  {key: 'Cross-Origin-Embedder-Policy', value: 'require-corp'},
  {key: 'Cross-Origin-Resource-Policy', value: 'same-origin'},
  {key: 'X-Content-Type-Options', value: 'nosniff'},
  {key: 'Referrer-Policy', value: 'no-referrer'},
  // The microphone is asked for when a person presses its button, and stays in the page.
  {
    key: 'Permissions-Policy',
    value: 'microphone=(self), camera=(), display-capture=(), geolocation=(), midi=(), payment=(), serial=(), usb=()'
  }
]

// What is made to stand in other sites may be asked for by them.
const shown = [{key: 'Cross-Origin-Resource-Policy', value: 'cross-origin'}]
// A module is asked for in the manner that needs leave.
const lent = [...shown, {key: 'Access-Control-Allow-Origin', value: '*'}]

/** Settings; `phase` says what they are wanted for. @returns {import('next').NextConfig} */
export default (phase) => ({
  // The build makes a folder that runs without node_modules; `next start` runs what lies beside it, and would warn.
  ...(phase === 'phase-production-build' ? {output: 'standalone'} : {}),
  // Read by name when a picture is drawn, so that no import leads to them.
  outputFileTracingIncludes: {
    '/e/*/picture.png': [
      'node_modules/@fontsource/source-*/files/source-*-{latin,latin-ext,greek}-{400,600}-normal.woff'
    ]
  },
  // Title and picture stand in the head for whoever asks, not only for readers of previews that Next knows.
  htmlLimitedBots: /.*/,
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // `npm test` checks the types of the whole tree, tests included; whoever starts the app need not wait for it.
  typescript: {ignoreBuildErrors: true},
  // The packages as wholes start much that nothing here uses, and that cannot be shaken out.
  turbopack: {
    resolveAlias: {
      '@tensorflow/tfjs-core': {browser: './lib/models/stock/core.ts'},
      '@tensorflow/tfjs-backend-cpu/dist/shared': {browser: './lib/models/stock/cpuShared.ts'},
      '@tensorflow/tfjs-backend-cpu': {browser: './lib/models/stock/cpu.ts'},
      '@tensorflow/tfjs-backend-wasm': {browser: './lib/models/stock/wasm.ts'}
    }
  },
  headers: async () => [
    {source: '/:path*', headers: isolation},
    {source: '/_next/static/:path*', headers: [{key: 'Content-Security-Policy', value: workerPolicy}]},
    {source: '/embed/:path*', headers: shown},
    {source: '/e/:id/picture.png', headers: shown},
    {source: '/api/oembed', headers: shown},
    {source: '/embed/density-lens.js', headers: lent}
  ]
})
