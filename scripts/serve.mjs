import {askedToStop, ended, nextBin, startNode} from './child.mjs'

/** Serves the built app until it is stopped, and prints its address once it answers. Resolves to the exit status. */
export async function serve(port) {
  // Next's own script rather than npx, so that the process we end is the one that holds the port.
  const server = startNode(nextBin, ['start', '--port', String(port)])
  let serving = true
  const end = ended(server).finally(() => {
    serving = false
  })
  const address = `http://localhost:${port}`
  while (serving && !(await answers(address))) await new Promise((resolve) => setTimeout(resolve, 50))
  if (serving) console.log(`\nDensity Lens is at ${address}   (Ctrl+C stops it)\n`)
  const status = await end
  return askedToStop() ? 0 : (status ?? 1)
}

const answers = (address) =>
  fetch(address, {method: 'HEAD', signal: AbortSignal.timeout(10_000)}).then(
    () => true,
    () => false
  )
