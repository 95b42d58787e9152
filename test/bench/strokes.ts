import {quantile} from '@/lib/core/statistics'
import {createEngine} from '@/lib/engine/client'
import type {Openable} from '@/lib/engine/protocol'
import {oneInput} from '@/lib/explain/oneInput'
import type {BackendName} from '@/lib/models/backend'
import {drawnPicture, type Stroke} from '@/lib/models/encoders/drawnPicture'

/** How soon the ranking follows a pen, on the shipped digits. */
export interface Strokes {
  readonly backend: string
  readonly strokes: number
  /** From the pen's new point to the ranking that it leads to, ms: the median, and what 95 of 100 stay below. */
  readonly median: number
  readonly slowest: number
  /** Rankings a second, when the next point is given as soon as a ranking has come. */
  readonly perSecond: number
  /** Medians in the worker: encoder, and model with its untrained twin. */
  readonly encoder: number
  readonly model: number
}

const warmUp = 10

const shipped = (name: string): Openable => ({
  kind: 'address',
  name,
  url: new URL(`/examples/digits/${name}`, location.href).href
})

/**
 * Draws a ring point by point. Each point goes the way of the app: picture of all that is drawn, worker, encoder,
 * density attention and its untrained twin, ranking, and the explanation that the figure shows.
 */
export async function measureStrokes(backend: BackendName, strokes: number): Promise<Strokes> {
  const engine = createEngine({backend})
  try {
    const reply = await engine.explain({
      checkpoint: shipped('checkpoint.pth'),
      inputs: [shipped('inputs.npz')],
      settings: {}
    })
    if (reply.kind !== 'explained') throw new Error(`bench: the engine answered ${reply.kind}; needed an explanation`)
    const {description} = await engine.openEncoder(shipped('encoder.safetensors'))
    const {input} = description
    if (input.kind !== 'patches') throw new Error(`bench: the encoder takes ${input.kind}; needed patches`)
    const took: number[] = []
    const encoder: number[] = []
    const model: number[] = []
    let drawn: Stroke = []
    for (let i = -warmUp; i < strokes; i++) {
      const turn = (i / 24) * 2 * Math.PI
      const began = performance.now()
      drawn = [...drawn.slice(-48), {x: 16 + 8 * Math.sin(turn), y: 16 - 12 * Math.cos(turn)}]
      const reading = await engine.readLive({kind: 'picture', values: drawnPicture([drawn], input)})
      const ranked = oneInput(reply.explanation, reading)
      if (ranked.layers.length !== description.blocks) throw new Error('bench: no ranking came')
      if (i < 0) continue
      took.push(performance.now() - began)
      encoder.push(reading.encoderMs)
      model.push(reading.modelMs)
    }
    const median = quantile(took, 0.5)
    return {
      backend: (await engine.backend()).reason,
      strokes,
      median,
      slowest: quantile(took, 0.95),
      perSecond: (1000 * took.length) / took.reduce((sum, ms) => sum + ms, 0),
      encoder: quantile(encoder, 0.5),
      model: quantile(model, 0.5)
    }
  } finally {
    engine.dispose()
  }
}
