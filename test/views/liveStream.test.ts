import {describe, expect, it} from 'vitest'
import {streamCsv, streamJson} from '@/lib/share/streamFile'
import {createLiveStream} from '@/lib/state/liveStream'
import {streamPlot, strokeAt} from '@/lib/views/liveStream'
import {streamOverview} from '@/lib/views/streamOverview'
import {timeText, timeTicks} from '@/lib/views/timeText'
import {layersOf} from './streamSample'

const frame = {width: 694, height: 270, measure: 'importance', rowName: 'layer'} as const

/** Two heads of two layers. At sample 700 of 1,000 layer 3 jumps to 0.95, for that one sample. */
function recorded(samples = 1000, every = 10) {
  const stream = createLiveStream({now: () => 0, wall: () => Date.UTC(2026, 0, 1), perLevel: 64})
  stream.getState().begin('checkpoint.pth')
  for (let i = 0; i < samples; i++) {
    const importance = [0.2, 0.5, i === 700 ? 0.95 : 0.3, 0.4 + 0.0001 * i]
    stream
      .getState()
      .append({at: i * every, source: 'pad, left', kind: 'input', layers: layersOf(importance, 2, [0, 0.01, -0.02, 0])})
  }
  return stream
}

describe('the live plot', () => {
  it('draws a spike of one sample in a thousand at its full height', () => {
    const plot = streamPlot(recorded().getState().record(), frame)
    const level = (text: string) => plot.levels.find((one) => one.text === text)!.y
    const unit = (level('0.20') - level('0.80')) / 0.6
    const third = plot.strokes[2]!
    expect(Math.min(...third.top)).toBeCloseTo(level('0.80') - 0.15 * unit, 0)
    expect(Math.max(...third.bottom)).toBeCloseTo(level('0.20') - 0.1 * unit, 0)
    const column = third.top.indexOf(Math.min(...third.top))
    expect(plot.x[column]! / plot.area.width).toBeCloseTo(0.7, 1)
  })

  it('holds at most one point for two pixels, however much came', () => {
    const plot = streamPlot(recorded(20_000, 1).getState().record(), frame)
    expect(plot.area.width).toBe(600)
    expect(plot.x.length).toBeLessThanOrEqual(303)
    expect(plot.x.every((x, i) => i === 0 || x > plot.x[i - 1]!)).toBe(true)
  })

  it('puts rank 1 at the top, and steps from rank to rank', () => {
    const plot = streamPlot(recorded().getState().record(), {...frame, measure: 'rank'})
    expect(plot.steps).toBe(true)
    expect(plot.levels.map(({text}) => text)).toEqual(['1', '2', '3', '4'])
    expect(plot.levels[0]!.y).toBeLessThan(plot.levels[1]!.y)
    expect(plot.strokes[0]!.mean.at(-1)).toBe(plot.levels[3]!.y)
    expect(plot.strokes[2]!.top.some((y) => y === Math.fround(plot.levels[0]!.y))).toBe(true)
  })

  it('reads the learned part against zero', () => {
    const plot = streamPlot(recorded().getState().record(), {...frame, measure: 'learned'})
    const zero = plot.levels.find((level) => level.zero)!
    expect(zero.text).toBe('0.000')
    expect(plot.strokes[0]!.mean[5]).toBeCloseTo(zero.y)
    expect(plot.strokes[1]!.mean[5]).toBeLessThan(zero.y)
    expect(plot.strokes[2]!.mean[5]).toBeGreaterThan(zero.y)
  })

  it('says why there is no learned part, and that nothing has come', () => {
    const stream = createLiveStream()
    expect(streamPlot(stream.getState().record(), frame).absent).toBe('Nothing has moved yet.')
    stream.getState().append({at: 0, source: 'pad', kind: 'input', layers: layersOf([0.5, 0.6])})
    const plot = streamPlot(stream.getState().record(), {...frame, measure: 'learned'})
    expect(plot.absent).toBe('There is no untrained twin to compare with, so there is no learned part.')
  })

  it('says in words what leads and what moved most', () => {
    expect(streamPlot(recorded().getState().record(), frame).label).toBe(
      'Importance of 4 layers from 0:00 to 0:10. Layer 2 stands first with 0.50; layer 3 moved most, between 0.30 and 0.95.'
    )
  })

  it('names lines at their ends without one name touching another', () => {
    const close = createLiveStream()
    const importance = Array.from({length: 12}, (_, i) => 0.5 + i / 1e4)
    close.getState().append({at: 0, source: 'pad', kind: 'input', layers: layersOf(importance)})
    const {names, area} = streamPlot(close.getState().record(), frame)
    expect(names).toHaveLength(12)
    expect(names.every(({y}, i) => i === 0 || y - names[i - 1]!.y >= 11.99)).toBe(true)
    expect(names[0]!.y).toBeGreaterThanOrEqual(0)
    expect(names.at(-1)!.y).toBeLessThanOrEqual(area.height)
  })

  it('finds the line under the pointer, within reach of it', () => {
    const plot = streamPlot(recorded().getState().record(), frame)
    const y = plot.strokes[1]!.mean[20]!
    expect(strokeAt(plot, plot.x[20]!, y + 5)).toBe(1)
    expect(strokeAt(plot, plot.x[20]!, y - 40)).toBeNull()
  })

  it('breaks its lines where samples of another kind begin, and says what they are', () => {
    const stream = createLiveStream({now: () => 0})
    const give = (at: number, kind: 'mean' | 'input') =>
      stream.getState().append({at, source: kind, kind, layers: layersOf([0.2, 0.5])})
    give(0, 'mean')
    give(1000, 'mean')
    give(3000, 'input')
    give(4000, 'input')
    const {strokes, x, kinds} = streamPlot(stream.getState().record(), frame)
    expect([...x]).toEqual([0, 150, 300, 450, 600])
    expect([...strokes[0]!.mean].map(Number.isFinite)).toEqual([true, true, false, true, true])
    expect(kinds).toEqual([
      {x: 0, text: 'means over inputs'},
      {x: 450, text: 'one input at a time'}
    ])
  })

  it('shows marks and the time during which the view stood', () => {
    const stream = recorded()
    const {mark, pause, resume, append} = stream.getState()
    mark('half a seven', 5000)
    pause()
    append({at: 19_980, source: 'pad', kind: 'input', layers: layersOf([0.1, 0.2, 0.3, 0.4], 2)})
    resume()
    const plot = streamPlot(stream.getState().record(), frame)
    expect(plot.flags).toMatchObject([{text: 'half a seven', left: 0}])
    expect(plot.flags[0]!.x).toBeCloseTo((5000 / 19_980) * 600)
    expect(plot.stood).toMatchObject([{x: 300, width: 300}])
  })
})

describe('the strip under the plot', () => {
  it('spans the whole history and shows the window in it', () => {
    const stream = recorded(20_000, 10)
    stream.getState().look([50_000, 100_000])
    const strip = streamOverview(stream.getState().record(), 'importance', 400, 30)
    expect(strip.window!.x).toBeCloseTo(100, 0)
    expect(strip.window!.width).toBeCloseTo(100, 0)
    expect(Math.min(...strip.top)).toBeCloseTo(3)
    expect(Math.max(...strip.bottom)).toBeCloseTo(27)
  })
})

describe('times', () => {
  it('are minutes and seconds, with as many digits as their steps need', () => {
    expect([0, 59_999, 65_000, 3_600_000].map((ms) => timeText(ms))).toEqual(['0:00', '1:00', '1:05', '60:00'])
    expect(timeTicks([0, 500], 5).map(({text}) => text)).toEqual([
      '0:00.0',
      '0:00.1',
      '0:00.2',
      '0:00.3',
      '0:00.4',
      '0:00.5'
    ])
    expect(timeTicks([61_000, 100_000], 4).map(({text}) => text)).toEqual(['1:10', '1:20', '1:30', '1:40'])
  })
})

describe('the history as a file', () => {
  it('has a line for every span of every layer, and no number is lost that was the greatest', () => {
    const record = recorded().getState().record()
    const [head, ...lines] = streamCsv(record).trimEnd().split('\n')
    expect(head).toBe(
      'from_ms,to_ms,samples,source,first_row,last_row,head,importance_min,importance_mean,importance_max,' +
        'untrained_min,untrained_mean,untrained_max,learned_min,learned_mean,learned_max,rank_min,rank_mean,rank_max'
    )
    expect(lines).toHaveLength(record.spans.length * 4)
    expect(lines.at(-4)).toBe(
      '9990,9990,1,"pad, left",1,1,1,0.2,0.2,0.2,0.2,0.2,0.2,0,0,0,4,4,4'.replaceAll('0.2', '0.200000003')
    )
    const third = lines.map((line) => line.split(',')).filter((cells) => cells[5] === '3')
    expect(Math.max(...third.map((cells) => Number(cells[10])))).toBeCloseTo(0.95)
  })

  it('as JSON says when it began, what was marked and what was never read', () => {
    const stream = recorded(10)
    stream.getState().mark('here', 50)
    const {record, name, rowName, received} = stream.getState()
    const json = JSON.parse(streamJson(record(), {name, rowName, received, missed: 2}))
    expect(json).toMatchObject({name: 'checkpoint.pth', received: 10, missed: 2, marks: [{atMs: 50, text: 'here'}]})
    expect(json.spans).toHaveLength(10)
    expect(json.spans[0]).toMatchObject({samples: 1, source: 'pad, left'})
    expect(json.began).toBe('2026-01-01T00:00:00.000Z')
  })

  it('makes no formula of a name', () => {
    const stream = createLiveStream()
    stream.getState().append({at: 0, source: '=1+1', kind: 'input', layers: layersOf([0.5])})
    expect(streamCsv(stream.getState().record())).toContain(",'=1+1,")
  })
})
