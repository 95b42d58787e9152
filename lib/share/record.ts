import {FormatError} from '@/lib/core/errors'
import type {Grid} from '@/lib/core/grid'
import type {SamplePictures} from '@/lib/engine/protocol'
import type {ClassDensity, Explanation} from '@/lib/explain/explanation'
import {decodeExplanation, encodeExplanation, verifyExplanation} from '@/lib/explain/json'
import type {Note} from '@/lib/views/note'
import {byteReader} from './byteReader'
import {byteWriter} from './byteWriter'
import {pack, type Section, storedSizes, unpack} from './container'
import {curveBytes, readCurves, withoutCurves} from './headCurves'
import {jsonBytes, strangersOf} from './jsonSection'
import {layerBytes, readLayers} from './layerColumns'
import {noteBytes, readNotes, type StrangeNotes, strangeNotes} from './notes'
import {type Precision, readNumbers, writeNumbers} from './numbers'
import {type Part, partNames} from './partNames'
import {readSamples, sampleBytes} from './sampleRows'
import {pictureBytes, readPictures} from './sharedPictures'
import {readView, type SharedView, viewBytes} from './sharedView'
import {readShownAs, type ShownAs, shownAsBytes, strangersOfShownAs} from './shownAs'
import type {Strangers} from './strangerKeys'

/** How exactly a record says what is in it; a part that is absent is left out. */
export type Plan = {readonly [P in Part]?: Precision}

/** How far the numbers of one part may lie from what they were; 0 where every digit was kept. */
export interface PartError {
  readonly part: Part | 'importance'
  readonly error: number
}

/** Keys of a later version in the parts that are text. */
export interface StrangeKeys {
  readonly summary: Strangers | null
  readonly view: Strangers | null
  readonly notes: StrangeNotes | null
  readonly edits: Strangers | null
}

/** What travels beside an explanation. */
export interface Beside {
  readonly view: SharedView | null
  readonly notes: readonly Note[]
  /** Null where it is the checkpoint's own, as it lies in its file. */
  readonly shownAs: ShownAs | null
  /** Small pictures of the inputs, where they were let go along. */
  readonly pictures: SamplePictures | null
  /** Sections of a later version, kept as they are. */
  readonly others: readonly Section[]
  readonly strangers: StrangeKeys
}

/** An explanation on its way: what a link, a file and a store hold. */
export interface SharedRecord extends Beside {
  /** With null, empty or absent where the record says nothing. */
  readonly explanation: Explanation
  /** For each part that was read, its stated error. */
  readonly errors: readonly PartError[]
  /** What whoever shared it left out. */
  readonly left: readonly Part[]
  /** What was in it and could not be read, a few words each: "the untrained map". */
  readonly unread: readonly string[]
}

export interface RecordContent extends Partial<Beside> {
  readonly explanation: Explanation
  readonly plan: Plan
}

/** Every digit of everything. */
export const wholePlan: Plan = {
  gaussians: 'f32',
  density: 'f32',
  nullDensity: 'f32',
  densityVariance: 'f32',
  classDensity: 'f32',
  signal: 'f32',
  samples: 'f32',
  pictures: 'f32',
  lists: 'f32'
}

/*
 * A tag is given once and for ever. What is damaged most often is the end of a link, so what a figure cannot do without
 * comes first.
 */
const tags = {
  summary: 1,
  about: 2,
  layers: 3,
  view: 4,
  gaussians: 5,
  density: 6,
  nullDensity: 7,
  importance: 8,
  signal: 9,
  samples: 10,
  classDensity: 11,
  densityVariance: 12,
  /** Notes pinned to layers, heads, features, cells and inputs. */
  annotations: 13,
  /** What a person changed in the model, and which version of it was watched. */
  edits: 14,
  pictures: 15
} as const

type Tag = keyof typeof tags

const names: Record<Tag, string> = {
  summary: 'the summary',
  about: 'what was left out',
  layers: 'the ranking',
  view: 'the view',
  gaussians: 'the Gaussians',
  density: 'the density map',
  nullDensity: 'the untrained map',
  importance: 'the importance map',
  signal: 'the signal',
  samples: 'the inputs',
  classDensity: 'the maps by class',
  densityVariance: 'the variance map',
  annotations: 'the notes',
  edits: 'the edits',
  pictures: 'the pictures'
}

const nameOf = (tag: number): string => {
  const known = Object.entries(tags).find(([, value]) => value === tag)
  return known ? names[known[0] as Tag] : `part ${tag}`
}

/** Whether this version reads a section. */
const isRead = (tag: number): boolean => tag >= tags.summary && tag <= tags.pictures

/** The record's bytes. Equal content gives equal bytes on the same engine. */
export function encodeRecord({explanation, plan, ...beside}: RecordContent): Promise<Uint8Array> {
  const {view, notes = [], shownAs, pictures, others = [], strangers} = beside
  const {axes, density, nullDensity, densityVariance, importance, layers, signal, samples, classDensity} = explanation
  const section = (tag: Tag, bytes: Uint8Array): Section => ({tag: tags[tag], bytes})
  const map = (tag: Tag, found: Grid | null | undefined, precision: Precision | undefined) =>
    found && precision ? [section(tag, mapBytes(found, precision))] : []
  const derived = importance === null || isDerived(explanation)
  const left = leftOut(explanation, plan, pictures)
  return pack([
    section('summary', jsonBytes(encodeExplanation(summaryOf(explanation, plan)), strangers?.summary)),
    section('about', jsonBytes(JSON.stringify({left, derived: importance !== null && derived}))),
    ...(shownAs ? [section('edits', shownAsBytes(shownAs, strangers?.edits))] : []),
    ...(layers.length > 0 ? [section('layers', layerBytes(layers))] : []),
    ...(view ? [section('view', viewBytes(view, strangers?.view))] : []),
    ...(notes.length > 0 ? [section('annotations', noteBytes(notes, strangers?.notes))] : []),
    ...(plan.gaussians ? [section('gaussians', curveBytes(explanation.heads, plan.gaussians))] : []),
    ...map('density', density, plan.density),
    ...map('nullDensity', nullDensity, plan.nullDensity),
    ...map('importance', derived ? null : importance, plan.density),
    ...(signal && plan.signal ? [section('signal', signalBytes(signal, plan.signal))] : []),
    ...(samples.length > 0 && plan.samples ? [section('samples', sampleBytes(samples, plan.samples))] : []),
    ...(axes && classDensity && plan.classDensity
      ? [section('classDensity', classBytes(classDensity, plan.classDensity))]
      : []),
    ...map('densityVariance', densityVariance, plan.densityVariance),
    ...(pictures && plan.pictures ? [section('pictures', pictureBytes(pictures))] : []),
    ...others
  ])
}

/**
 * Reads a record from anywhere. What is damaged or cut off is named in `unread`, and everything else is given. Throws
 * FormatError, one sentence, when it is no record, is of a later version, or its table or summary is damaged.
 */
export async function decodeRecord(bytes: Uint8Array): Promise<SharedRecord> {
  const {sections, damaged} = await unpack(bytes)
  const found = new Map(sections.filter(({tag}) => isRead(tag)).map((section) => [section.tag, section.bytes]))
  const unread = new Set(damaged.map(nameOf))
  const summaryBytes = found.get(tags.summary)
  if (!summaryBytes) throw new FormatError('share: the summary of this explanation is damaged or missing; it needs one')
  const summary = decodeExplanation(new TextDecoder().decode(summaryBytes))
  const errors: PartError[] = []

  /** What a section says; null where there is none, or none that can be read, which is noted. */
  function read<T>(tag: Tag, how: (bytes: Uint8Array) => T): T | null {
    const section = found.get(tags[tag])
    if (!section) return null
    try {
      return how(section)
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      unread.add(names[tag])
      return null
    }
  }

  function map(tag: 'density' | 'nullDensity' | 'importance' | 'densityVariance'): Grid | null {
    return read(tag, (section) => {
      const {grid, error} = readMap(section, summary)
      errors.push({part: tag, error})
      return grid
    })
  }

  const about = read('about', readAbout) ?? {left: [], derived: false}
  const layers = read('layers', (section) => checked(summary, {layers: readLayers(byteReader(section))}).layers)
  const view = read('view', readView)
  const notes = read('annotations', readNotes)
  const shownAs = read('edits', readShownAs)
  const pictures = read('pictures', readPictures)
  const curves = read('gaussians', (section) => {
    const {curves, error} = readCurves(byteReader(section), summary.heads.length)
    const heads = summary.heads.map((head, i) => ({...head, ...curves[i]!}))
    errors.push({part: 'gaussians', error})
    return checked(summary, {heads}).heads
  })
  const density = map('density')
  const nullDensity = map('nullDensity')
  const ownImportance = map('importance')
  const densityVariance = map('densityVariance')
  const signal = read('signal', (section) => checked(summary, {signal: readSignal(section, summary)}).signal)
  const samples = read('samples', (section) => checked(summary, {samples: readSamples(byteReader(section))}).samples)
  const classDensity = read(
    'classDensity',
    (section) => checked(summary, {classDensity: readClasses(section, summary)}).classDensity!
  )
  // A map of importance without its ranking would be a picture without its rows.
  const importance = layers && (ownImportance ?? (about.derived ? derivedImportance(summary, density) : null))
  const explanation: Explanation = {
    ...summary,
    heads: curves ?? summary.heads,
    density,
    nullDensity,
    importance,
    layers: layers ?? [],
    signal,
    samples: samples ?? [],
    ...(densityVariance ? {densityVariance} : {}),
    ...(classDensity ? {classDensity} : {})
  }
  verifyExplanation(explanation)
  const strangers: StrangeKeys = {
    summary: read('summary', (section) => strangersOf(section, encodeExplanation(summary))),
    view: view && read('view', (section) => strangersOf(section, JSON.stringify(view))),
    notes: notes && read('annotations', (section) => strangeNotes(section, notes)),
    edits: shownAs && read('edits', (section) => strangersOfShownAs(section, shownAs))
  }
  const others = sections.filter(({tag}) => !isRead(tag))
  const beside: Beside = {view, notes: notes ?? [], shownAs, pictures, others, strangers}
  return {explanation, errors, left: about.left, unread: [...unread], ...beside}
}

/** Everything that is not numbers by the thousand, as an explanation of its own. */
function summaryOf(explanation: Explanation, plan: Plan): Explanation {
  const {densityVariance: _, classDensity: __, model, ...rest} = explanation
  const {others: ___, ...own} = model
  return {
    ...rest,
    model: plan.lists ? model : {...own, missing: [], unused: []},
    heads: explanation.heads.map(withoutCurves),
    density: null,
    nullDensity: null,
    importance: null,
    layers: [],
    signal: null,
    samples: []
  }
}

/** Bytes that each part of a record takes, and what is left of it: the ranking, the view and the sentences. */
export function partSizes(bytes: Uint8Array): {readonly parts: ReadonlyMap<Part, number>; readonly rest: number} {
  const stored = storedSizes(bytes)
  const sizes = parts.flatMap((part) => {
    const size = part === 'lists' ? undefined : stored.get(tags[part])
    return size === undefined ? [] : [[part, size] as const]
  })
  const named = sizes.reduce((total, [, size]) => total + size, 0)
  return {parts: new Map(sizes), rest: bytes.length - named}
}

/** Parts of an explanation that a plan goes without. */
export function leftOut(explanation: Explanation, plan: Plan, pictures: SamplePictures | null = null): Part[] {
  const {density, nullDensity, densityVariance, classDensity, signal, samples, model} = explanation
  const there: Record<Part, boolean> = {
    gaussians: true,
    density: density !== null,
    nullDensity: nullDensity !== null,
    densityVariance: densityVariance !== undefined,
    classDensity: classDensity !== undefined,
    signal: signal !== null,
    samples: samples.length > 0,
    pictures: pictures !== null,
    lists: model.missing.length + model.unused.length + (model.others?.length ?? 0) > 0
  }
  return parts.filter((part) => there[part] && !plan[part])
}

const parts = Object.keys(partNames) as Part[]

function readAbout(bytes: Uint8Array): {left: readonly Part[]; derived: boolean} {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw new FormatError('share: what was left out is not said in JSON; it has to be')
  }
  const {left, derived} = Object(value) as {left?: unknown; derived?: unknown}
  const known = Array.isArray(left) ? parts.filter((part) => left.includes(part)) : []
  return {left: known, derived: derived === true}
}

function mapBytes({values, cols}: Grid, precision: Precision): Uint8Array {
  // Differences pay where rows resemble each other. Their sum says so before anything is packed.
  const to = byteWriter()
  writeNumbers(to, values, {precision, delta: resemble(values, cols) ? cols : null})
  return to.finish()
}

/** Whether a number lies nearer to the one above it than to the one beside it. */
function resemble(values: Float32Array, cols: number): boolean {
  let above = 0
  let beside = 0
  for (let i = cols; i < values.length; i++) {
    above += Math.abs(values[i]! - values[i - cols]!)
    beside += Math.abs(values[i]! - values[i - 1]!)
  }
  return above < beside / 2
}

function readMap(bytes: Uint8Array, {axes}: Explanation): {grid: Grid; error: number} {
  const {values, error} = readNumbers(byteReader(bytes))
  const wanted = axes ? axes.rows * axes.cols : 0
  if (!axes || values.length !== wanted || !values.every(Number.isFinite)) {
    throw new FormatError(`share: found a map of ${values.length} numbers; needed ${wanted} finite ones`)
  }
  return {grid: {rows: axes.rows, cols: axes.cols, values}, error}
}

/** IF = (density − min) / (max − min), to the last digit that a float32 keeps. */
function isDerived({density, importance, scale}: Explanation): boolean {
  if (!density || !importance || !scale || !(scale[1] > scale[0])) return false
  const [min, max] = scale
  return importance.values.every((value, i) => Math.abs(value - (density.values[i]! - min) / (max - min)) < 1e-6)
}

function derivedImportance({scale}: Explanation, density: Grid | null): Grid | null {
  if (!density || !scale || !(scale[1] > scale[0])) return null
  const [min, max] = scale
  return {...density, values: density.values.map((value) => (value - min) / (max - min))}
}

function signalBytes({edges, counts}: NonNullable<Explanation['signal']>, precision: Precision): Uint8Array {
  const to = byteWriter()
  writeNumbers(to, Float32Array.from(edges), {precision: 'f32'})
  writeNumbers(to, counts.values, {precision})
  return to.finish()
}

function readSignal(bytes: Uint8Array, {axes}: Explanation): Explanation['signal'] {
  const from = byteReader(bytes)
  const edges = readNumbers(from).values
  const {values} = readNumbers(from)
  const [rows, cols] = [axes?.rows ?? 0, edges.length - 1]
  if (values.length !== rows * cols || values.length === 0 || ![...edges, ...values].every(Number.isFinite)) {
    throw new FormatError(`share: found a signal of ${values.length} counts; needed ${rows} × ${cols}`)
  }
  return {edges: Array.from(edges), counts: {rows, cols, values}}
}

function classBytes(classes: readonly ClassDensity[], precision: Precision): Uint8Array {
  const to = byteWriter()
  to.varint(classes.length)
  for (const {label, inputs, rows, density} of classes) {
    to.varint(label)
    to.varint(inputs)
    to.u8(density ? 1 : 0)
    writeNumbers(to, rows, {precision: 'f32'})
    if (density) writeNumbers(to, density.values, {precision})
  }
  return to.finish()
}

function readClasses(bytes: Uint8Array, {axes}: Explanation): readonly ClassDensity[] {
  const from = byteReader(bytes)
  const count = from.varint()
  const classes: ClassDensity[] = []
  for (let i = 0; i < count; i++) {
    const [label, inputs, mapped] = [from.varint(), from.varint(), from.u8() === 1]
    const rows = readNumbers(from).values
    const values = mapped ? readNumbers(from).values : null
    const wanted = axes ? axes.rows * axes.cols : 0
    const finite = [rows, values ?? rows].every((numbers) => numbers.every(Number.isFinite))
    if (!axes || !finite || (values && values.length !== wanted)) {
      throw new FormatError(`share: found a class's map of ${values?.length} numbers; needed ${wanted} finite ones`)
    }
    classes.push({label, inputs, rows, ...(values ? {density: {rows: axes.rows, cols: axes.cols, values}} : {})})
  }
  return classes
}

/** A part beside the summary, once they are known to fit together. */
function checked<T extends Partial<Explanation>>(summary: Explanation, part: T): T {
  verifyExplanation({...summary, ...part})
  return part
}
