import {afterEach, expect, it} from 'vitest'
import {pauseControl} from '@/lib/core/pausing'
import {createEngine} from '@/lib/engine/client'
import type {Engine, Progress} from '@/lib/engine/protocol'
import {npyBytes} from '@/lib/formats/npyBytes'

let engine: Engine
afterEach(() => engine.dispose())

it('hundreds of dropped files run in the worker, stand still while paused, and go on; a bad one is left out', async () => {
  engine = createEngine({backend: 'cpu'})
  const checkpoint = new File([await (await fetch('/examples/digits/checkpoint.pth')).arrayBuffer()], 'checkpoint.pth')
  const files = Array.from({length: 200}, (_, i) => {
    const values = Float32Array.from({length: 12 * 64}, (_, j) => Math.sin(i * 31 + j * 1.7))
    return new File([npyBytes('f32', [12, 64], [values])], `u${i}.npy`)
  })
  const inputs = [...files, new File(['not an array'], 'bad.npy')].map((file) => ({kind: 'file', file}) as const)

  const {signal, set} = pauseControl()
  const told: Progress[] = []
  let stood: Progress | null = null
  const running = () => told.filter(({phase}) => phase === 'running')
  const reply = await engine.explain(
    {checkpoint: {kind: 'file', file: checkpoint}, inputs, settings: {}},
    {
      pause: signal,
      onProgress: (progress) => {
        told.push(progress)
        if (running().length !== 2 || signal.paused) return
        set(true)
        setTimeout(() => {
          stood = running().at(-1)!
          const before = told.length
          setTimeout(() => {
            // Half a second of standing still: nothing was told.
            expect(told.length).toBe(before)
            set(false)
          }, 500)
        }, 500)
      }
    }
  )
  if (reply.kind !== 'explained') throw new Error(`expected an explanation, got ${reply.kind}`)
  const {samples, caveats} = reply.explanation
  expect(samples).toHaveLength(200)
  expect(caveats.find(({id}) => id === 'unusable-inputs')!.text).toMatch(/^1 of 201 files could not be used/)
  expect(stood!.done).toBeLessThan(200)
  expect(stood!.partial!.provenance.samples).toBe(stood!.done)
  const seen = running().map(({done}) => done)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
})
