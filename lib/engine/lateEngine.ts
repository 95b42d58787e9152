import type {Engine} from './protocol'

/** An engine whose script, the page's side included, comes with the first call, behind what is being drawn. */
export function lateEngine(): Engine {
  let engine: Promise<Engine> | null = null

  async function start(): Promise<Engine> {
    // What the same step brought on the screen goes first.
    await new Promise((resolve) => setTimeout(resolve))
    return (await import('./client')).createEngine()
  }
  const reach = () => {
    engine ??= start().catch((error: unknown) => {
      engine = null
      throw error
    })
    return engine
  }

  return {
    backend: async () => (await reach()).backend(),
    inspect: async (...asked) => (await reach()).inspect(...asked),
    explain: async (...asked) => (await reach()).explain(...asked),
    whatIf: async (...asked) => (await reach()).whatIf(...asked),
    saveEdited: async (...asked) => (await reach()).saveEdited(...asked),
    openEncoder: async (...asked) => (await reach()).openEncoder(...asked),
    readLive: async (...asked) => (await reach()).readLive(...asked),
    livePoints: async (...asked) => (await reach()).livePoints(...asked),
    sampleMap: async (...asked) => (await reach()).sampleMap(...asked),
    samplingPoints: async (...asked) => (await reach()).samplingPoints(...asked),
    takeCanvas: async (...asked) => (await reach()).takeCanvas(...asked),
    drawSample: async (...asked) => (await reach()).drawSample(...asked),
    sumUp: async (...asked) => (await reach()).sumUp(...asked),
    statistics: async (...asked) => (await reach()).statistics(...asked),
    slice: async (...asked) => (await reach()).slice(...asked),
    exportTensor: async (...asked) => (await reach()).exportTensor(...asked),
    dispose: () => {
      engine?.then((started) => started.dispose()).catch(() => {})
      engine = null
    }
  }
}
