import {beforeAll, expect, it} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import {followSession} from '@/lib/state/followSession'
import {createLens} from '@/lib/state/lens'
import {scriptedSession} from '../components/scriptedSession'
import {syntheticExplanation} from '../fixtures/explanations'

let explanation: Explanation
beforeAll(async () => {
  explanation = await syntheticExplanation({layers: 6, features: 8, heads: 2, inputs: 4, resamples: 10})
})

function follow() {
  const {session, asked} = scriptedSession()
  const lens = createLens()
  return {session, asked, lens, leave: followSession(session, lens)}
}

it('another subject lets go of everything and selects its first input', () => {
  const {session, lens} = follow()
  session.setState({explanation})
  lens.getState().pin(3)
  lens.getState().selectSample(2)
  const checkpoint = {...explanation.provenance.checkpoint, name: 'other.pth'}
  session.setState({explanation: {...explanation, provenance: {...explanation.provenance, checkpoint}}})
  expect([lens.getState().pinned, lens.getState().sample]).toEqual([null, 0])
})

it('the same files run again leave the pin and the selection alone', () => {
  const {session, lens} = follow()
  session.setState({explanation})
  lens.getState().pin(3)
  lens.getState().selectSample(2)
  session.setState({explanation: {...explanation}})
  expect([lens.getState().pinned, lens.getState().sample]).toEqual([3, 2])
})

it('without inputs nothing is selected', () => {
  const {session, lens} = follow()
  session.setState({explanation: {...explanation, samples: []}})
  expect(lens.getState().sample).toBeNull()
})

it('an input’s map is asked for once, and only while it is wanted', () => {
  const {session, lens, asked} = follow()
  session.setState({explanation})
  lens.getState().selectSample(1)
  lens.getState().showSampleMap(true)
  lens.getState().point(2)
  lens.getState().showSampleMap(false)
  lens.getState().selectSample(3)
  expect(asked).toEqual([['askSampleMap', 1]])
})

it('asks nothing and touches nothing after it was left', () => {
  const {session, lens, asked, leave} = follow()
  leave()
  session.setState({explanation})
  lens.getState().selectSample(1)
  lens.getState().showSampleMap(true)
  expect([asked.length, lens.getState().sample]).toEqual([0, 1])
})
