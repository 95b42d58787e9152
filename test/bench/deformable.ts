// The stock graph takes more operations than the app carries.
import {quantile} from '@/lib/core/statistics'
import '../gpu/wholeBackends'
import {openArchive} from '@/lib/formats/openArchive'
import {blobSource} from '@/lib/formats/source'
import {type BackendName, openBackend} from '@/lib/models/backend'
import {pyramidParts} from '@/lib/models/deformableAudio'
import {deformableModel} from '@/lib/models/deformableModel'
import {detect} from '@/lib/models/detect'
import type {LoadedModel, RunResult} from '@/lib/models/family'
import {stockKernels} from './composedDeformable'

export interface DeformableTimes {
  readonly backend: BackendName
  readonly inputs: number
  /** Medians, ms. */
  readonly ours: number
  readonly stock: number
  /** Largest difference of their densities. */
  readonly apart: number
}

/** A forward pass of the shipped pyramid with our kernels and with stock functions, in turn on one backend. */
export async function measureDeformable(
  backend: BackendName,
  inputs: number,
  rounds: number
): Promise<DeformableTimes> {
  await openBackend(backend)
  const archive = await openArchive(blobSource(await checkpoint(), 'checkpoint.pth'))
  const detection = detect(archive)
  if (detection.family !== 'deformable-audio') throw new Error('bench: the shipped example is no deformable pyramid')
  const parts = await pyramidParts(archive, detection)
  const models = {ours: deformableModel(detection, parts), stock: deformableModel(detection, parts, stockKernels)}
  const values = Float32Array.from({length: inputs * 64 * 96}, (_, i) => Math.sin(i * i * 0.001))
  const samples = await models.ours.arrange({dtype: 'f32', shape: [inputs, 64, 96], values}, {})
  const took: Record<'ours' | 'stock', number[]> = {ours: [], stock: []}
  const last: Partial<Record<'ours' | 'stock', RunResult>> = {}
  // The first round compiles.
  for (let round = 0; round <= rounds; round++)
    for (const name of ['ours', 'stock'] as const) {
      const began = performance.now()
      last[name] = await (models[name] as LoadedModel).run(samples, 0, inputs)
      if (round > 0) took[name].push(performance.now() - began)
    }
  for (const model of Object.values(models)) model.dispose()
  const [ours, stock] = [last.ours!.density, last.stock!.density]
  return {
    backend,
    inputs,
    ours: quantile(took.ours, 0.5),
    stock: quantile(took.stock, 0.5),
    apart: ours.reduce((most, value, i) => Math.max(most, Math.abs(value - stock[i]!)), 0)
  }
}

async function checkpoint(): Promise<Blob> {
  const response = await fetch('/examples/words/checkpoint.pth')
  if (!response.ok) throw new Error(`bench: /examples/words/checkpoint.pth answered ${response.status}`)
  return response.blob()
}
