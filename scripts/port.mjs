import {createServer} from 'node:net'
import {StepError} from './child.mjs'

/** The port that PORT asks for, else 3000. Throws StepError when PORT is no port. */
export function wantedPort(text = process.env.PORT || '3000') {
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65536) return port
  throw new StepError(`PORT is ${text}; needed a whole number from 1 to 65535`)
}

/** Throws StepError, saying what to do, when `port` cannot be listened on. */
export async function requireFree(port) {
  const trouble = await listenOnce(port).then(
    () => null,
    (error) => error.code
  )
  if (trouble === null) return
  const other = port === 3000 ? 3001 : 3000
  const why = trouble === 'EADDRINUSE' ? 'is taken by another program' : `may not be listened on (${trouble})`
  throw new StepError(`port ${port} ${why}; stop that program or choose another port: PORT=${other} npm start`)
}

/** A port that nothing listens on at this moment. */
export const freePort = () => listenOnce(0)

function listenOnce(port) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, () => {
      const {port: given} = server.address()
      server.close(() => resolve(given))
    })
  })
}
