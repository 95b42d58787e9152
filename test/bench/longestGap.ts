import {createEngine} from '@/lib/engine/client'
import type {Openable} from '@/lib/engine/protocol'
import {npyBytes} from '@/lib/formats/npyBytes'
import {npzBytes} from '@/lib/formats/npzBytes'
import type {BackendName} from '@/lib/models/backend'
import {caseNamed, type MixtureCase} from './cases'
import {fillWithValues} from './values'

/** How long the page could not have answered while the app's own worker explained an input. */
export interface Gaps {
  /** Longest time between two turns of the main thread, ms; and the same while nothing ran, for as long. */
  readonly busy: number
  readonly idle: number
  /** What the whole explanation took, ms. */
  readonly took: number
  readonly backend: string
}

/** Explains a case's input with a density block of its Gaussians, through the same worker and calls as the app. */
export async function longestGap(name: string, backend: BackendName): Promise<Gaps> {
  const its = caseNamed(name) as MixtureCase
  const [checkpoint, inputs] = [blockOf(its), inputOf(its)]
  const engine = createEngine({backend})
  const {reason} = await engine.backend()
  // What filling the input left behind is not the engine's.
  await new Promise((resolve) => setTimeout(resolve, 500))
  const watch = watchTurns()
  const began = performance.now()
  const reply = await engine.explain({checkpoint, inputs: [inputs], settings: {axes: [-1]}})
  const took = performance.now() - began
  const busy = watch.stop()
  engine.dispose()
  if (reply.kind !== 'explained') throw new Error(`bench: the engine answered ${reply.kind}; needed an explanation`)
  const rest = watchTurns()
  await new Promise((resolve) => setTimeout(resolve, took))
  return {busy, idle: rest.stop(), took, backend: reason}
}

/** Notes every turn the main thread takes, by messages to itself: timers are held back to 4 ms. */
function watchTurns(): {stop(): number} {
  const {port1, port2} = new MessageChannel()
  let [longest, last, stopped] = [0, performance.now(), false]
  port1.onmessage = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    // Now and then a timer, or the messages themselves would take one of the cores.
    if (!stopped) setTimeout(() => port2.postMessage(null), 1)
  }
  port2.postMessage(null)
  return {
    stop() {
      stopped = true
      port1.close()
      return Math.max(longest, performance.now() - last)
    }
  }
}

function blockOf({gaussians}: MixtureCase): Openable {
  const {heads, components, offset, spread} = gaussians
  const own = (values: Float32Array, head: number) => values.slice(head * components, (head + 1) * components)
  const members = Array.from({length: heads}, (_, head) => [
    {name: `layers.0.attention_heads.${head}.mean_offsets`, values: own(offset, head)},
    {name: `layers.0.attention_heads.${head}.c`, values: own(spread, head)}
  ]).flat()
  const bytes = npzBytes(members.map((member) => ({...member, shape: [components]})))
  return {kind: 'file', file: new File([bytes], 'block.npz')}
}

function inputOf({shape}: MixtureCase): Openable {
  const values = new Float32Array(shape.reduce((a, b) => a * b))
  fillWithValues(values)
  return {kind: 'file', file: new File([npyBytes('f32', shape, [values])], 'utterance.npy')}
}
