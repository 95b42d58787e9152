import {expect, it} from 'vitest'
import {parseArguments} from '@/bin/arguments'

const explain = (...words: string[]) => parseArguments(['explain', 'a.pth', ...words])

it('a checkpoint and inputs are told apart by their place', () => {
  expect(explain('one.npy', '--json', 'out.json', 'two.npy')).toEqual({
    kind: 'explain',
    checkpoint: 'a.pth',
    inputs: ['one.npy', 'two.npy'],
    npz: null,
    json: 'out.json',
    record: null,
    csv: null,
    html: null,
    names: false,
    backend: 'auto',
    settings: {},
    classes: null
  })
})

it.each([
  [['--axes', '1,1,-1'], {axes: [1, 1, -1]}],
  [['--axes=-2'], {axes: [-2]}],
  [['--padding-value', '-1.5'], {paddingValue: -1.5}],
  [['--map', '32x64'], {map: [32, 64]}],
  [['--block-layer', '2'], {blockLayer: 2}],
  [['--layout', 'time'], {layout: 'time'}],
  [['--release', '2023', '--sampling-strides', '8,4,2,1'], {release: '2023', samplingStrides: [8, 4, 2, 1]}],
  [['--offset-range', '-1', '--head-width=16'], {offsetRange: -1, headWidth: 16}],
  [['--question-order', 'forward', '--lstm-output', 'tanh'], {questionOrder: 'forward', lstmOutput: 'tanh'}]
])('%j is a setting', (words, settings) => {
  expect(explain(...words)).toMatchObject({settings})
})

it('classes are named in the order of the logits', () => {
  expect(explain('--classes', 'sad,neutral,happy')).toMatchObject({classes: ['sad', 'neutral', 'happy']})
})

it.each([[[]], [['--help']], [['explain', 'a.pth', '-h']]])('%j asks for help', (words) => {
  expect(parseArguments(words)).toEqual({kind: 'help'})
})

it.each([
  [['explode'], 'density-lens: unknown command explode; needed explain, inspect, watch, share or verify'],
  [['explain'], 'density-lens: explain was given no file; needed a checkpoint'],
  [['share'], 'density-lens: share was given no file; needed a .densitylens file or JSON'],
  [['share', 'a', '--to', 'x'], 'density-lens: --to is x; needed an address like http://localhost:3000'],
  [['verify', 'a'], 'density-lens: verify was given no checkpoint; needed the file it was made from'],
  [['explain', 'a', '--release', '2021'], 'density-lens: --release is 2021; needed 2022 or 2023'],
  [['explain', 'a', '--question-order', 'up'], 'density-lens: --question-order is up; needed forward or backward'],
  [['explain', 'a', '--lstm-output', 'c'], 'density-lens: --lstm-output is c; needed cell or tanh'],
  [['explain', 'a', '--names', 'all'], 'density-lens: --names is all; needed keep or none'],
  [['inspect'], 'density-lens: inspect was given no file; needed a checkpoint'],
  [['explain', 'a', '--colour', 'red'], 'density-lens: unknown option --colour; see density-lens --help'],
  [['inspect', 'a', '--json', 'b'], 'density-lens: unknown option --json; see density-lens --help'],
  [['explain', 'a', '--npz'], 'density-lens: --npz was given no value; it needs one'],
  [['explain', 'a', '--npz', 'b', '--npz', 'c'], 'density-lens: --npz was given twice; needed once'],
  [['explain', 'a', '--backend', 'webgpu'], 'density-lens: --backend is webgpu; needed auto, wasm or cpu'],
  [['explain', 'a', '--axes', '1,x'], 'density-lens: --axes holds x; needed comma-separated axes like 1,1,-1'],
  [['explain', 'a', '--axes', '1,'], 'density-lens: --axes holds nothing; needed comma-separated axes like 1,1,-1'],
  [['explain', 'a', '--map', '32'], 'density-lens: --map is 32; needed height × width like 32x32'],
  [
    ['explain', 'a', '--block-layer', '-1'],
    'density-lens: --block-layer holds -1; needed the index of a block layer, from 0'
  ],
  [['explain', 'a', '--padding-value', 'none'], 'density-lens: --padding-value is none; needed a number'],
  [['explain', 'a', '--layout', 'both'], 'density-lens: --layout is both; needed batch or time']
])('%j is refused in one sentence', (words, message) => {
  expect(() => parseArguments(words)).toThrow(expect.objectContaining({name: 'ReaderError', message}))
})
