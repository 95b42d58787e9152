import type {MixtureCase} from './cases'
import type {Contender, Given} from './contender'
import type {Share} from './plainWorker'
import {quadraticOf} from './quadratic'

/** Two workers of plain JavaScript over shared memory, half of the rows each, in the quadratic form. */
export async function plainWorkers({case: its, x}: Given): Promise<Contender> {
  const {shape, gaussians} = its as MixtureCase
  const output = new Float32Array(new SharedArrayBuffer(x.byteLength))
  const rows = x.length / shape[3]
  const half = rows >> 1
  const parts = [
    [0, half],
    [half, rows]
  ] as const
  const workers = parts.map(() => new Worker(new URL('./plainWorker.ts', import.meta.url), {type: 'module'}))
  const ask = (message: (index: number) => Share | null) =>
    Promise.all(
      workers.map(
        (worker, index) =>
          new Promise<void>((resolve, reject) => {
            worker.onmessage = () => resolve()
            worker.onerror = ({message: reason}) => reject(new Error(reason))
            worker.postMessage(message(index))
          })
      )
    )
  const heads = quadraticOf(gaussians)
  const items = shape[3] / gaussians.heads
  await ask((index) => ({x, output, heads, items, start: parts[index]![0], stop: parts[index]![1]}))
  return {
    given: x.byteLength,
    run: async () => void (await ask(() => null)),
    results: async () => ({output}),
    clear: () => {},
    close: () => {
      for (const worker of workers) worker.terminate()
    }
  }
}
