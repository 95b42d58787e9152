import {expect, it} from 'vitest'
import {createStore} from 'zustand/vanilla'
import {grid} from '@/lib/core/grid'
import type {Progress} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import type {Live} from '@/lib/state/live'
import {createLiveStream} from '@/lib/state/liveStream'
import type {Session} from '@/lib/state/session'
import {streamReadings, streamRunningMeans} from '@/lib/state/streamSources'
import {streamVersions} from '@/lib/state/streamVersions'
import type {Watch} from '@/lib/state/watch'
import {scriptedSession} from '../components/scriptedSession'
import {syntheticExplanation} from '../fixtures/explanations'
import {layersOf} from '../views/streamSample'

const whole = await syntheticExplanation({features: 8, inputs: 4, resamples: 2})

const working = (partial: Explanation | null, done: number): Pick<Session, 'work'> => {
  const progress: Progress = {phase: 'running', done, total: 4, unit: 'inputs', text: '', partial}
  return {work: {kind: 'working', name: 'inputs.npz', visible: true, progress}}
}

it('follows the running means of a run over inputs, each once, and what it ends in', () => {
  const {session} = scriptedSession()
  const stream = createLiveStream()
  const leave = streamRunningMeans(session, stream)
  const half = {...whole}
  session.setState(working(null, 0))
  session.setState(working({...whole, layers: []}, 0))
  session.setState(working(half, 1))
  session.setState({...working(half, 1), msPerInput: 2})
  session.setState(working({...whole}, 2))
  session.setState({work: {kind: 'ready'}, explanation: whole})
  const {received, name, rowName, record, shown} = stream.getState()
  expect({received, name, rowName, shown}).toEqual({
    received: 3,
    name: 'synthetic-12x64.pth'.replace('64', '8'),
    rowName: 'layer',
    shown: false
  })
  expect(record().sources).toEqual([
    {name: 'running mean over inputs', kind: 'mean'},
    {name: 'mean over all inputs', kind: 'mean'}
  ])
  expect(record().spans[2]!.max[0]).toBe(Math.fround(whole.layers[0]!.importance))
  leave()
  session.setState({explanation: {...whole}})
  expect(stream.getState().received).toBe(3)
})

it('follows what an example’s repeat comes to on its way, behind the figure that stands', () => {
  const {session} = scriptedSession()
  const stream = createLiveStream()
  streamRunningMeans(session, stream)
  session.setState({explanation: whole})
  session.setState({work: {kind: 'working', name: 'digits', visible: false, progress: null, behind: {...whole}}})
  session.setState({work: {kind: 'ready'}, explanation: {...whole}})
  expect(
    stream
      .getState()
      .record()
      .spans.map(({source}) => source)
  ).toEqual([0, 1, 0])
})

it('leaves versions of a watched file to those who watch it', () => {
  const {session} = scriptedSession()
  const stream = createLiveStream()
  streamRunningMeans(session, stream)
  session.setState({explanation: whole, version: 3})
  expect(stream.getState().received).toBe(0)
})

it('another checkpoint goes on with the history, marked by its name', () => {
  const {session} = scriptedSession()
  const stream = createLiveStream()
  streamRunningMeans(session, stream)
  session.setState({explanation: whole})
  const {provenance} = whole
  session.setState({
    explanation: {...whole, provenance: {...provenance, checkpoint: {...provenance.checkpoint, name: 'other.pth'}}}
  })
  expect(stream.getState()).toMatchObject({received: 2, name: 'other.pth', marks: [{text: 'other.pth'}]})
})

it('follows live readings, counts inputs that were never read, and opens the plot once', () => {
  const live = createStore<Live>()(() => ({current: null, read: 0, skipped: 0}) as Live)
  const stream = createLiveStream()
  streamReadings(live, stream)
  const density = grid(2, 1, Float32Array.of(0.2, 0.4))
  const give = (read: number, skipped: number) => {
    const reading = {
      density,
      untrained: density,
      layers: layersOf([0.2, 0.4]),
      signal: null,
      logits: null,
      tokens: null,
      encoderMs: 1,
      modelMs: 1
    }
    live.setState({current: {index: read, at: read * 10, from: 'this drawing', reading}, read, skipped})
  }
  give(1, 0)
  expect(stream.getState()).toMatchObject({received: 1, missed: 0, shown: true})
  stream.getState().show(false)
  give(2, 3)
  expect(stream.getState()).toMatchObject({received: 2, missed: 3, shown: false})
  live.setState({current: null, read: 0, skipped: 0})
  give(1, 0)
  expect(stream.getState()).toMatchObject({received: 3, missed: 3, shown: true})
})

it('follows every version of a watched checkpoint once, counts those that were missed, and opens the plot', () => {
  const watch = createStore<Watch>()(() => ({name: '', versions: [] as Watch['versions'], missed: 0}) as Watch)
  const stream = createLiveStream()
  streamVersions(watch, stream)
  const version = (version: number): Watch['versions'][number] => ({
    version,
    at: version * 1000,
    name: 'a.pth',
    size: 4000,
    sha256: null,
    epoch: version,
    accuracy: null,
    samples: 10,
    layers: layersOf([0.2, 0.4]),
    whole: true,
    trouble: null
  })
  watch.setState({name: 'a.pth', versions: [version(1)]})
  expect(stream.getState()).toMatchObject({received: 1, missed: 0, shown: true, name: 'a.pth'})
  stream.getState().show(false)
  watch.setState({versions: [version(1), version(4)], missed: 2})
  expect(stream.getState()).toMatchObject({received: 2, missed: 2, shown: false})
  expect(stream.getState().record().sources).toEqual([{name: 'versions of a.pth', kind: 'version'}])
})
