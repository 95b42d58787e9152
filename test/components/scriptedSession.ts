import {createStore} from 'zustand/vanilla'
import {mapSums} from '@/lib/core/mapSums'
import type {FileReport} from '@/lib/engine/protocol'
import type {OpenQuestion} from '@/lib/models/family'
import type {ExampleCard, Session, SessionStore} from '@/lib/state/session'

/** What was asked of a scripted session, in order. */
export type Asked = [name: string, ...args: unknown[]]

/** A session that stands where it is put and writes down what it is asked. */
export function scriptedSession(state: Partial<Session> = {}): {session: SessionStore; asked: Asked[]} {
  const asked: Asked[] = []
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      asked.push([name, ...args])
    }
  const later =
    (name: string) =>
    async (...args: unknown[]) => {
      asked.push([name, ...args])
    }
  const session = createStore<Session>()((set) => ({
    explanation: null,
    report: null,
    pictures: null,
    example: null,
    examples: [],
    backend: null,
    work: {kind: 'ready'},
    trouble: null,
    question: null,
    questions: [],
    settings: {},
    msPerInput: null,
    sampleMap: null,
    canUndo: false,
    files: null,
    version: null,
    shared: null,
    encoder: null,
    openFiles: later('openFiles'),
    openShared: later('openShared'),
    openAddresses: later('openAddresses'),
    openExample: later('openExample'),
    answer: later('answer'),
    askSampleMap: later('askSampleMap'),
    cancel: () => {
      note('cancel')()
      set({work: {kind: 'ready'}, question: null})
    },
    pause: () => {
      note('pause')()
      set(({work}) => (work.kind === 'working' ? {work: {...work, paused: true}} : {}))
    },
    resume: () => {
      note('resume')()
      set(({work}) => (work.kind === 'working' ? {work: {...work, paused: false}} : {}))
    },
    dismissTrouble: () => {
      note('dismissTrouble')()
      set({trouble: null})
    },
    undo: note('undo'),
    bind: later('bind'),
    showModule: later('showModule'),
    follow: async () => ({kind: 'superseded'}),
    turnTo: note('turnTo'),
    looks: {
      statistics: async () => {
        throw new Error('not scripted')
      },
      slice: async () => {
        throw new Error('not scripted')
      },
      exportTensor: async () => {
        throw new Error('not scripted')
      }
    },
    engineHolds: async () => true,
    sumUp: async (map) => mapSums(map),
    sampleMapOf: async () => ({rows: 1, cols: 1, values: new Float32Array(1)}),
    samplingPoints: async () => null,
    device: {takeCanvas: async () => {}, drawSample: async () => {}},
    ...state
  }))
  return {session, asked}
}

/** A file that opened well and holds nothing we know. */
export const strangeReport: FileReport = {
  name: 'probe.pth',
  size: 94_400_000,
  format: 'PyTorch zip',
  entries: [
    {kind: 'tensor', name: 'pool.mu', dtype: 'f32', shape: [1, 1024], byteLength: 4096},
    {kind: 'tensor', name: 'pool.var', dtype: 'f32', shape: [1, 1024], byteLength: 4096},
    {kind: 'tensor', name: 'encoder.weight', dtype: 'f32', shape: [64, 64], byteLength: 16_384}
  ],
  findings: [{kind: 'global', text: 'argparse.Namespace was named and kept as a record'}],
  detection: {
    family: null,
    lookedFor: ['Each head needs mean_offset beside a c of the same shape.'],
    nearest: 'The nearest pair is pool.mu and pool.var, both (1, 1024).'
  }
}

/** Both readings of an input fit. */
export const layoutQuestion: OpenQuestion = {
  setting: 'layout',
  text: 'inputs.npy is (12, 12, 64). Which way is it meant?',
  options: [
    {label: 'batch, layers, features', value: {layout: 'batch'}},
    {label: 'layers, time, features', value: {layout: 'time'}}
  ],
  chosen: 0
}

/** What a block's state dict does not hold. */
export const blockQuestions: readonly OpenQuestion[] = [
  {
    setting: 'axes',
    text: 'Which axis does the block normalise?',
    options: [
      {label: 'the last', value: {axes: [-1]}},
      {label: 'the first', value: {axes: [1]}}
    ],
    chosen: 0
  },
  {
    setting: 'paddingValue',
    text: 'Which value marks padding?',
    options: [
      {label: 'none', value: {paddingValue: null}},
      {label: '0', value: {paddingValue: 0}}
    ],
    chosen: 0
  }
]

export const exampleCard: ExampleCard = {
  id: 'digits',
  title: 'Handwritten digits',
  summary: '12 layers × 64, vision transformer',
  about: ['Made for a test.'],
  checkpoint: 'checkpoint.pth',
  inputs: ['inputs.npz'],
  explanation: 'explanation.json',
  classes: [],
  bytes: 1_300_000,
  pictures: null
}
