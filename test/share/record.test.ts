import {expect, it} from 'vitest'
import {FormatError} from '@/lib/core/errors'
import {pack, unpack} from '@/lib/share/container'
import {decodeRecord, encodeRecord, type Plan, wholePlan} from '@/lib/share/record'
import type {SharedView} from '@/lib/share/sharedView'
import {everyPart, example} from './explanations'

const view: SharedView = {
  order: 'importance',
  map: 'learned',
  pinned: 4,
  pinnedFeature: 12,
  solo: null,
  enlarged: 'c',
  window: [3.5, 40],
  rowWindow: null
}

it.each(['digits', 'speech', 'docstrings'])('a whole record gives back every digit of %s', async (id) => {
  const explanation = example(id)
  const read = await decodeRecord(await encodeRecord({explanation, view, plan: wholePlan}))
  const {importance, ...rest} = read.explanation
  const {importance: own, ...wanted} = explanation
  expect(rest).toEqual(wanted)
  expect(importance!.values.length).toBe(own!.values.length)
  importance!.values.forEach((value, i) => {
    expect(Math.abs(value - own!.values[i]!)).toBeLessThan(1e-6)
  })
  expect(read.view).toEqual(view)
  expect({left: read.left, unread: read.unread, others: read.others}).toEqual({left: [], unread: [], others: []})
})

it('gives back maps by class and variances', async () => {
  const explanation = everyPart()
  const read = await decodeRecord(await encodeRecord({explanation, view: null, plan: wholePlan}))
  expect(read.explanation.classDensity).toEqual(explanation.classDensity)
  expect(read.explanation.densityVariance).toEqual(explanation.densityVariance)
})

it('gives equal bytes for equal content', async () => {
  const once = await encodeRecord({explanation: example('digits'), view, plan: wholePlan})
  const twice = await encodeRecord({explanation: example('digits'), view: {...view}, plan: {...wholePlan}})
  expect(twice).toEqual(once)
})

it.each(['u8', 'u16'] as const)(
  'a map of %s lies as near as its stated error says, and no nearer',
  async (precision) => {
    const explanation = example('digits')
    const plan: Plan = {density: precision, gaussians: precision}
    const read = await decodeRecord(await encodeRecord({explanation, view: null, plan}))
    const stated = read.errors.find(({part}) => part === 'density')!.error
    const wanted = explanation.density!.values
    const most = wanted.reduce(
      (far, value, i) => Math.max(far, Math.abs(value - read.explanation.density!.values[i]!)),
      0
    )
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThanOrEqual(stated)
    expect(stated).toBeLessThan(most * 1.0001)
    expect(stated).toBeLessThan((explanation.scale![1] - explanation.scale![0]) / (precision === 'u8' ? 509 : 131_000))
  }
)

it('says what was left out', async () => {
  const plan: Plan = {gaussians: 'u8'}
  const {left, explanation} = await decodeRecord(await encodeRecord({explanation: everyPart(), view: null, plan}))
  expect(left).toEqual(['density', 'nullDensity', 'densityVariance', 'classDensity', 'signal', 'samples'])
  expect(explanation.layers).toEqual(everyPart().layers)
  expect(explanation.importance).toBeNull()
})

it('keeps sections of a later version when it is written again', async () => {
  const bytes = await encodeRecord({explanation: example('digits'), view, plan: wholePlan})
  const {sections} = await unpack(bytes)
  const stranger = {tag: 77, bytes: Uint8Array.of(1, 2, 3)}
  const other = {tag: 90, bytes: Uint8Array.of(9)}
  const read = await decodeRecord(await pack([...sections, stranger, other]))
  expect(read.unread).toEqual([])
  const again = await decodeRecord(await encodeRecord({...read, plan: wholePlan}))
  expect(again.others).toEqual([stranger, other])
})

it('reads every part that passes its check and names the others', async () => {
  const bytes = await encodeRecord({explanation: example('digits'), view, plan: wholePlan})
  const short = await decodeRecord(bytes.subarray(0, bytes.length - 1))
  expect(short.unread).toEqual(['the variance map'])
  const half = await decodeRecord(bytes.subarray(0, bytes.length >> 1))
  expect(half.unread).toEqual(expect.arrayContaining(['the maps by class', 'the variance map']))
  expect(half.explanation.layers).toEqual(example('digits').layers)
})

it('every byte of a record is checked: one that is turned over is named or refused', async () => {
  const plan: Plan = {gaussians: 'u8', density: 'u8', signal: 'u8'}
  const bytes = await encodeRecord({explanation: example('digits'), view, plan})
  const wanted = (await decodeRecord(bytes)).explanation
  for (let at = 0; at < bytes.length; at += 61) {
    const broken = bytes.slice()
    broken[at]! ^= 0x10
    const read = await decodeRecord(broken).catch((error: unknown) => error)
    if (read instanceof FormatError) continue
    const {unread, explanation} = read as Awaited<ReturnType<typeof decodeRecord>>
    expect(unread.length, `byte ${at}`).toBe(1)
    expect(explanation.model).toEqual(wanted.model)
  }
})

it.each([
  ['nothing', Uint8Array.of(), 'does not begin as an explanation does'],
  ['a later version', Uint8Array.of(0x44, 0x4c, 0x4e, 0x53, 9, 0), 'version 9'],
  ['a table cut short', Uint8Array.of(0x44, 0x4c, 0x4e, 0x53, 1, 3, 1), 'needed'],
  ['a table that is broken', Uint8Array.of(0x44, 0x4c, 0x4e, 0x53, 1, 0, 0, 0, 0, 0), 'damaged']
])('%s is refused in a sentence', async (_, bytes, sentence) => {
  await expect(decodeRecord(bytes)).rejects.toThrow(FormatError)
  await expect(decodeRecord(bytes)).rejects.toThrow(sentence)
})
