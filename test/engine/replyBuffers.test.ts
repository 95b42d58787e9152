import {afterEach, expect, it} from 'vitest'
import type {EngineCalls} from '@/lib/engine/calls'
import type {Openable} from '@/lib/engine/protocol'
import {connect, type Port, serve} from '@/lib/engine/rpc'
import {engineService} from '@/lib/engine/service'
import type {Explanation} from '@/lib/explain/explanation'
import {digits, sources} from './files'

const ports: MessagePort[] = []
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
})

async function fileOf(name: string): Promise<Openable> {
  const [source] = await sources(digits(name))
  return {kind: 'file', file: new File([(await source!.read(0, source!.size)).slice()], name)}
}

it('the maps and pictures of an explanation are moved across the wall; what the model still needs is copied', async () => {
  const {port1, port2} = new MessageChannel()
  ports.push(port1, port2)
  const sent: {readonly value: {readonly explanation: Explanation}; readonly transfer: Transferable[]}[] = []
  const watched: Port = {
    addEventListener: (type, listener) => port1.addEventListener(type, listener),
    start: () => port1.start(),
    postMessage: (message, transfer) => {
      const {kind, value} = message as {kind: string; value: {readonly explanation: Explanation; kind?: string} | null}
      if (kind === 'result' && value?.kind === 'explained') sent.push({value, transfer})
      port1.postMessage(message, transfer)
    }
  }
  serve<EngineCalls>(watched, engineService())
  const {call} = connect<EngineCalls>(port2 as unknown as Port)
  await call('begin', 'cpu')
  const request = {checkpoint: await fileOf('checkpoint.pth'), inputs: [await fileOf('inputs.npz')], settings: {}}

  const first = await call('explain', request)
  if (first.kind !== 'explained') throw new Error(`expected an explanation, got ${first.kind}`)
  const [{value, transfer}] = sent as [(typeof sent)[number]]
  expect(transfer.length).toBeGreaterThan(3)
  for (const map of ['density', 'nullDensity', 'importance'] as const) {
    expect(value.explanation[map]!.values.length, `${map} is gone here`).toBe(0)
    expect(first.explanation[map]!.values.length, `${map} is there`).toBe(12 * 64)
  }
  expect(first.pictures!.values.length).toBe(100 * first.pictures!.width * first.pictures!.height)
  expect(value.explanation.heads.every(({offset}) => offset.length === 64)).toBe(true)

  // Nothing that was moved away is missed afterwards.
  expect((await call('sampleMap', 0)).values.length).toBe(12 * 64)
  const again = await call('explain', request)
  if (again.kind !== 'explained') throw new Error(`expected an explanation, got ${again.kind}`)
  expect(again.explanation.density).toEqual(first.explanation.density)
  expect(again.pictures).toEqual(first.pictures)
})
