import {describe, expect, it} from 'vitest'
import {createLiveStream} from '@/lib/state/liveStream'
import {layersOf} from '../views/streamSample'

const six = layersOf([0.1, 0.9, 0.2, 0.3, 0.8, 0.4])

function streamOf(samples: number, every = 1000) {
  const stream = createLiveStream({now: () => samples * every, wall: () => 1_700_000_000_000, perLevel: 16})
  stream.getState().begin('checkpoint.pth')
  for (let i = 0; i < samples; i++) stream.getState().append({at: i * every, source: 'pad', kind: 'input', layers: six})
  return stream
}

describe('the live stream', () => {
  it('counts what came, what was drawn, and what came between two pictures', () => {
    const stream = streamOf(5)
    const {drew, append} = stream.getState()
    drew()
    expect(stream.getState()).toMatchObject({received: 5, drawn: 1, dropped: 4})
    drew()
    expect(stream.getState()).toMatchObject({received: 5, drawn: 1, dropped: 4})
    append({at: 6000, source: 'pad', kind: 'input', layers: six})
    drew()
    expect(stream.getState()).toMatchObject({received: 6, drawn: 2, dropped: 4})
  })

  it('follows the last minute, and all there is before that', () => {
    expect(streamOf(11).getState().record().seen).toEqual([0, 10_000])
    expect(streamOf(101).getState().record().seen).toEqual([40_000, 100_000])
  })

  it('while it stands it still receives, and says afterwards how much was not drawn', () => {
    const stream = streamOf(11)
    const {pause, resume, append, drew, record} = stream.getState()
    drew()
    pause()
    for (let i = 11; i < 21; i++) append({at: i * 1000, source: 'pad', kind: 'input', layers: six})
    drew()
    expect(record()).toMatchObject({seen: [0, 10_000], extent: [0, 20_000], standing: true})
    expect(stream.getState()).toMatchObject({received: 21, drawn: 1, dropped: 10, waiting: 10})
    resume()
    drew()
    expect(record()).toMatchObject({seen: [0, 20_000], standing: false, stood: [[10_000, 20_000]]})
    expect(stream.getState()).toMatchObject({received: 21, drawn: 2, dropped: 19, waiting: 0})
  })

  it('scrubs back within the history, and follows again past its end', () => {
    const stream = streamOf(101)
    const {scrub, look, record} = stream.getState()
    scrub(-0.5)
    expect(record()).toMatchObject({seen: [10_000, 70_000], standing: true})
    scrub(-9)
    expect(record().seen).toEqual([0, 60_000])
    look([95_000, 105_000])
    expect(record().seen).toEqual([90_000, 100_000])
    scrub(0.1)
    expect(record()).toMatchObject({seen: [40_000, 100_000], standing: false})
  })

  it('shows more or less time, of what follows and of what stands', () => {
    const stream = streamOf(101)
    const {scale, look, record} = stream.getState()
    scale(0.5)
    expect(record()).toMatchObject({seen: [70_000, 100_000], standing: false})
    look([10_000, 20_000])
    scale(2)
    expect(record()).toMatchObject({seen: [0, 20_000], standing: true})
  })

  it('keeps marks with their time and words, at most 200 of them', () => {
    const stream = streamOf(3)
    const {mark, rename, unmark} = stream.getState()
    mark()
    mark('half a seven', 1000)
    rename(1, 'started')
    expect(stream.getState().marks).toEqual([
      {id: 1, at: 2000, text: 'started'},
      {id: 2, at: 1000, text: 'half a seven'}
    ])
    unmark(1)
    for (let i = 0; i < 300; i++) mark()
    expect(stream.getState().marks).toHaveLength(200)
    expect(stream.getState().marks.at(-1)).toMatchObject({text: 'Mark 302'})
  })

  it('goes on through another checkpoint, whose name marks the moment when the first of it came', () => {
    const stream = streamOf(5)
    const {begin, append} = stream.getState()
    begin('checkpoint.pth')
    begin('other.pth')
    expect(stream.getState().marks, 'nothing of it has come').toEqual([])
    for (const at of [8000, 9000]) append({at, source: 'mean', kind: 'mean', layers: six})
    expect(stream.getState()).toMatchObject({received: 7, name: 'other.pth', marks: [{at: 8000, text: 'other.pth'}]})
    expect(stream.getState().record().spans).toHaveLength(7)
  })

  it('begins anew where the rows are other rows, by number or by name', () => {
    const stream = streamOf(5)
    const {begin, append} = stream.getState()
    append({at: 9000, source: 'pad', kind: 'input', layers: layersOf([0.1, 0.2])})
    expect(stream.getState().received).toBe(1)
    begin('other.pth', 'position')
    expect(stream.getState()).toMatchObject({received: 0, name: 'other.pth', rowName: 'position'})
    expect(stream.getState().record()).toMatchObject({extent: null, seen: null, spans: []})
    begin('third.pth')
    expect(stream.getState().rowName).toBe('position')
  })

  it('begins anew when it is told to', () => {
    const stream = streamOf(5)
    stream.getState().mark()
    stream.getState().restart()
    expect(stream.getState()).toMatchObject({received: 0, marks: [], name: 'checkpoint.pth'})
    stream.getState().append({at: 20_000, source: 'mean', kind: 'mean', layers: six})
    expect(stream.getState()).toMatchObject({received: 1, marks: []})
  })

  it('counts inputs that were overtaken, and nothing for a map that has no importance', () => {
    const stream = streamOf(2)
    stream.getState().miss(3)
    stream.getState().append({source: 'pad', kind: 'input', layers: []})
    expect(stream.getState()).toMatchObject({received: 2, missed: 3})
  })

  it('names sources by the hundred without growing for ever', () => {
    const stream = streamOf(0)
    for (let i = 0; i < 1000; i++) stream.getState().append({at: i, source: `file ${i}`, kind: 'input', layers: six})
    const {sources, spans} = stream.getState().record()
    expect(sources).toHaveLength(201)
    expect(sources[spans.at(-1)!.source]).toEqual({name: 'others', kind: 'input'})
  })

  it('puts the rows of a tall map on at most 64 lines, never two heads on one, and ranks these', () => {
    const stream = createLiveStream()
    const tall = Array.from({length: 300}, (_, row) => (row >= 150 && row < 155 ? 0.9 : 0.1))
    stream.getState().append({at: 0, source: 'pad', kind: 'input', layers: layersOf(tall, 150)})
    const {lines, spans} = stream.getState().record()
    expect(lines).toHaveLength(60)
    expect(lines[30]).toEqual({head: 1, rows: [150, 155]})
    expect(spans[0]!.max[30 * 4]).toBeCloseTo(0.9)
    expect(spans[0]!.max[30 * 4 + 3]).toBe(1)
    expect(spans[0]!.max[31 * 4 + 3]).toBe(2)
  })
})
