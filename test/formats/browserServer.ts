import type {TestProject} from 'vitest/node'
import {largeModel, largeSafetensors} from './largeFiles'
import {rangeServer, servedBytes} from './rangeServer'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where test/formats/rangeServer.ts answers while browser tests run: another origin than theirs. */
    rangeServer: string
  }
}

/** Starts the range server for tests that run in a browser, which cannot start one. Gives how to stop it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const content = Uint8Array.from({length: 1_000_000}, (_, i) => i % 251)
  const server = await rangeServer({
    'model.pt': servedBytes(content),
    '3GB.safetensors': largeSafetensors(largeModel(3e9))
  })
  project.provide('rangeServer', server.base)
  return () => server.close()
}
