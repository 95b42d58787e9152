import {fileURLToPath} from 'node:url'
import {expect, it} from 'vitest'
import {fileSource} from '@/bin/fileSource'
import {inspect} from '@/lib/engine/fileReport'

const path = (name: string) => fileURLToPath(new URL(`../fixtures/wrappers/${name}`, import.meta.url))

it.each([
  ['DeepSpeed’s model states', 'mp_rank_00_model_states.pt', 'module.module.daam'],
  ['a Lightning checkpoint', 'lightning.ckpt', 'state_dict.model.daam'],
  ['a compiled module in one', 'lightning_compiled.ckpt', 'state_dict.model._orig_mod.daam'],
  ['one in the legacy format', 'lightning_legacy.ckpt', 'state_dict.model.daam']
])('the density attention inside %s is found, and only that', async (_, name, inside) => {
  const {detection} = await inspect(await fileSource(path(name)))
  expect(detection).toMatchObject({family: 'layer-density', at: 'daam.gcts.0–1', headCount: 2, features: 8})
  if (detection.family === null) return
  const bound = detection.bindings.map(({name}) => name).sort()
  expect(bound).toEqual([0, 1].flatMap((head) => ['c', 'mean_offset'].map((part) => `${inside}.gcts.${head}.${part}`)))
})
