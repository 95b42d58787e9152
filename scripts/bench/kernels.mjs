import {fileURLToPath} from 'node:url'
import {openPage} from './browser.mjs'
import {converse, findPython, hasModule} from './python.mjs'
import {rounds} from './rounds.mjs'
import {pooled} from './statistics.mjs'
import {columns, ratioCells, ratioRow} from './table.mjs'

const ours = {backend: 'webgpu', opened: 'by the app'}
const oursOnWasm = {backend: 'wasm', opened: 'by the app'}
const stock = {backend: 'webgpu', opened: 'by TensorFlow.js'}
const stockOnWasm = {backend: 'wasm', opened: 'by TensorFlow.js'}

// A lane is a worker with a device of its own: what a peer leaves behind does not weigh on others, and one that hangs
// takes no other along.
const mixture = [
  {name: 'copy', lane: 'ours', on: ours},
  {name: 'mixture', lane: 'ours', on: ours},
  {name: 'mixtureWithImportance', lane: 'ours', on: ours},
  {name: 'mixtureByThreads', lane: 'ours', on: ours},
  {name: 'mixtureOverLayers', lane: 'ours', on: ours},
  {name: 'mixtureOverTime', lane: 'ours', on: ours},
  {name: 'meanOverTime', lane: 'ours', on: ours},
  {name: 'mixtureOnWasm', as: 'mixture', lane: 'mixtureOnWasm', on: oursOnWasm},
  {name: 'barrierFreeQuadratic', lane: 'barrierFreeQuadratic', on: stock},
  {name: 'stockQuadratic', lane: 'stockQuadratic', on: stock},
  {name: 'stockLiteral', lane: 'stockLiteral', on: stock},
  {name: 'wasmQuadratic', as: 'stockQuadratic', lane: 'wasmQuadratic', on: stockOnWasm},
  {name: 'wasmLiteral', as: 'stockLiteral', lane: 'wasmLiteral', on: stockOnWasm},
  {name: 'onnxRuntime', lane: 'onnxRuntime', on: stockOnWasm},
  {name: 'plainWorkers', lane: 'plainWorkers', on: stockOnWasm},
  {name: 'pytorch', python: true}
]
const layer = [
  {name: 'copy', lane: 'ours', on: ours},
  {name: 'layer', lane: 'ours', on: ours},
  {name: 'layerGradients', lane: 'ours', on: ours},
  {name: 'stockLayer', lane: 'stockLayer', on: stock},
  {name: 'stockLayerGradients', lane: 'stockLayerGradients', on: stock}
]

// A graph that frees nothing until it ends holds every intermediate: this one some 44 times its input.
const tooLarge = {stockLiteral: 'not run: it would hold 6.5 GB of the device'}

const share = (what, of, atLeast) => ({what, of, against: ['copy'], unit: 'share', atLeast})
const times = (what, of, against, atLeast) => ({what, of, against, unit: 'times', atLeast})
const mixtureRows = [
  share('mixture', 'mixture', 0.75),
  share('mixture with importance', 'mixtureWithImportance', 0.6),
  share('mean over time', 'meanOverTime', 0.87),
  share('mixture over layers (strided)', 'mixtureOverLayers', 0.5),
  share('mixture over time (strided)', 'mixtureOverTime', 0.5),
  share('mixture, thread per segment', 'mixtureByThreads', 0.31),
  times('mixture', 'mixture', ['stockLiteral'], 100),
  times('mixture', 'mixture', ['stockQuadratic'], 100),
  times('mixture', 'mixture', ['barrierFreeQuadratic'], 12),
  times('mixture', 'mixture', ['wasmQuadratic', 'wasmLiteral'], 1.4),
  times('mixture', 'mixture', ['onnxRuntime']),
  times('mixture', 'mixture', ['plainWorkers']),
  times('mixture on WASM', 'mixtureOnWasm', ['pytorch'], 1)
]
const layerRows = [
  times('layer form', 'layer', ['stockLayer'], 100),
  times('its gradients', 'layerGradients', ['stockLayerGradients'], 50)
]

/** What readers call the peers. */
const titles = {
  copy: 'vec4 copy kernel',
  stockLiteral: 'TensorFlow.js WebGPU, literal',
  stockQuadratic: 'TensorFlow.js WebGPU, quadratic form',
  barrierFreeQuadratic: 'the same, sums without barriers',
  wasmQuadratic: 'TensorFlow.js WASM, quadratic form',
  wasmLiteral: 'TensorFlow.js WASM, literal',
  onnxRuntime: 'ONNX Runtime Web WASM, 2 threads',
  plainWorkers: 'two plain JavaScript workers',
  pytorch: 'PyTorch CPU, 2 threads, literal',
  stockLayer: 'TensorFlow.js WebGPU',
  stockLayerGradients: 'TensorFlow.js WebGPU'
}

/** Seconds after which a contender is given up. */
const patience = 120

const plans = {
  '1x24x249x1024': {contenders: mixture, rows: mixtureRows},
  '1x40x128x5120': {contenders: mixture, rows: mixtureRows},
  '1x24x1500x1024': {contenders: mixture, rows: mixtureRows, without: tooLarge},
  '32x24x1024': {contenders: layer, rows: layerRows}
}

/**
 * Times the kernels beside their peers, case by case, in one page. `quick` runs everything once or twice; `cases` and
 * `contenders`, when given, keep those whose names hold the text or match the pattern.
 */
export async function kernelsTable({quick = false, cases = '', contenders = '', say = console.error} = {}) {
  const browser = await openPage()
  const torch = await findTorch()
  // Where a kernel's machine code comes to lie is up to chance, and kept for as long as its device: up to half as fast.
  const pace = quick ? {sittings: 1, budget: 1000, least: 1, most: 3} : {sittings: 3, budget: 24_000, least: 2, most: 7}
  try {
    const table = []
    for (const [name, plan] of Object.entries(plans)) {
      if (!name.includes(cases)) continue
      say(name)
      const chosen = plan.contenders.filter((one) => new RegExp(contenders).test(one.name))
      table.push(await oneCase({name, ...plan, contenders: chosen}, browser, torch, {...pace, say}))
    }
    return {
      adapter: table.map(({adapter}) => adapter).find(Boolean) ?? null,
      browser: browser.version,
      cases: table,
      complaints: browser.complaints
    }
  } finally {
    torch?.end()
    await browser.close()
  }
}

async function oneCase({name, contenders: all, rows, without = {}}, {page}, torch, {sittings, ...pace}) {
  const contenders = all.filter((one) => !without[one.name])
  let sat = []
  let struck = {...without}
  let reports = []
  for (let sitting = 0; sitting < sittings; sitting++) {
    // What runs seldom, or not at all, does so in the first.
    const chosen = sitting ? contenders.filter((one) => sat[0][one.name]?.runs === pace.most) : contenders
    if (chosen.length === 0) break
    const {times, ...had} = await sit(name, chosen, page, torch, pace)
    sat = [...sat, times]
    struck = {...struck, ...had.struck}
    reports = [...reports, ...had.reports]
  }
  const times = Object.fromEntries(Object.entries(pooled(sat)).filter(([contender]) => !struck[contender]))
  const memory = await memoryOf(
    page,
    contenders.filter(({lane, name}) => lane === 'ours' && times[name] && name !== 'copy')
  )
  return {
    name,
    adapter: reports.find(({adapter}) => adapter)?.adapter ?? null,
    wasmThreads: reports.map(({threads}) => threads).find((count) => count !== null) ?? null,
    times,
    struck,
    memory,
    rows: rows
      .filter(({of}) => contenders.some(({name}) => name === of))
      .map((row) => ratioRow(row, times, struck, titles))
  }
}

/** Rounds of a case on devices of their own, so that every kernel is compiled anew. */
async function sit(name, contenders, page, torch, pace) {
  const lanes = new Map()
  for (const {lane, on} of contenders) if (lane && !lanes.has(lane)) lanes.set(lane, await openLane(page, lane, on))
  await page.evaluate((name) => bench.give(name), name)
  const described = await page.evaluate((name) => bench.describe(name), name)
  const runners = contenders.map((one) => (one.python ? pytorch(page, torch, described) : laneRunner(page, one)))
  const {times, struck} = await rounds(runners, pace)
  for (const lane of lanes.keys()) await closeLane(page, lane)
  return {times, struck, reports: [...lanes.values()]}
}

const openLane = (page, lane, on) => page.evaluate(([lane, on]) => bench.openLane(lane, on), [lane, on])

const closeLane = (page, lane) => page.evaluate((lane) => bench.closeLane(lane), lane)

/** Each of ours on a fresh device: the most bytes that it held, reading back included, over what went in and came out. */
async function memoryOf(page, contenders) {
  const memory = {}
  for (const {name, on} of contenders) {
    await openLane(page, 'memory', on)
    const {bytes} = await page.evaluate((name) => bench.ready('memory', name), name)
    const {peak} = await page.evaluate(() => bench.memory('memory'))
    memory[name] = {bytes, peak}
    await closeLane(page, 'memory')
  }
  return memory
}

/** A contender in the page. One that hangs is given up together with its lane. */
function laneRunner(page, {name, as = name, lane}) {
  const call = (method) =>
    patiently(
      page.evaluate(([method, lane, as]) => bench[method](lane, as), [method, lane, as]),
      () => closeLane(page, lane)
    )
  return {name, ready: () => call('ready'), time: () => call('time'), close: () => call('close')}
}

async function patiently(work, giveUp) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      giveUp()
      reject(new Error(`no result within ${patience} s`))
    }, patience * 1000)
  })
  try {
    return await Promise.race([work, late])
  } catch (error) {
    // What crosses from the page brings the page's own stack along.
    throw new Error(error.message.split('\n')[0].replace(/^page\.evaluate: (Error: )?/, ''))
  } finally {
    clearTimeout(timer)
  }
}

async function findTorch() {
  const python = await findPython()
  if (!(await hasModule(python, 'torch'))) return null
  return converse(python, fileURLToPath(new URL('literal.py', import.meta.url)))
}

/** PyTorch on two threads, in its own process, taking its turn with the page. */
function pytorch(page, torch, {shape, heads, components, offset, spread}) {
  const rowsOf = (values) => Array.from({length: heads}, (_, h) => values.slice(h * components, (h + 1) * components))
  const time = async () => (await torch.ask({run: true})).ms
  const ready = async () => {
    if (!torch) throw new Error('PyTorch is not installed')
    await torch.ask({shape, offset: rowsOf(offset), spread: rowsOf(spread)})
    const ms = await time()
    const size = shape.reduce((a, b) => a * b)
    const places = Array.from({length: 5000}, (_, i) => (i * 7919 * 257) % size)
    const {values} = await torch.ask({places})
    const expected = await page.evaluate((places) => bench.reference('output', places), places)
    const peak = Math.max(...expected.map(Math.abs))
    return {errors: {output: Math.max(...values.map((value, i) => Math.abs(value - expected[i]))) / peak}, ms}
  }
  return {name: 'pytorch', ready, time, close: async () => {}}
}

/** The table as text for a terminal. */
export function kernelsText({adapter, browser, cases, complaints}) {
  const blocks = cases.map(({name, rows, times, struck, memory}) => {
    const others = Object.entries(times).map(([contender, {ms, runs}]) => [contender, ms.toPrecision(4), String(runs)])
    return [
      `\n${name}`,
      rows.length ? columns(ratioCells(rows)) : '',
      columns([['contender', 'median ms', 'runs'], ...others]),
      ...Object.entries(memory).map(
        ([contender, {bytes, peak}]) =>
          `${contender}: ${((peak - bytes) / 2 ** 20).toFixed(1)} MB of device memory more than ${(bytes / 2 ** 20).toFixed(1)} in and out`
      ),
      ...Object.entries(struck).map(([contender, why]) => `struck out: ${contender}, ${why}`)
    ].join('\n')
  })
  const said = complaints.length ? `\nthe page complained: ${complaints.join('; ')}` : ''
  return `Chromium ${browser}, adapter ${adapter}\n${blocks.join('\n')}${said}`
}
