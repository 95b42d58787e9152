import {bytes, count, plural} from '@/lib/core/number'
import {version} from '@/lib/engine/version'
import type {Explanation, FileIdentity} from '@/lib/explain/explanation'
import {visibleLine} from '@/lib/share/visible'
import type {ExportLabel} from '@/lib/views/exportSheet'
import {type Note, notePlaceText} from '@/lib/views/note'
import {noteWords} from '@/lib/views/noteText'

export interface LabelOptions {
  readonly date: Date
  /** What a person noted on it. */
  readonly notes?: readonly Note[]
}

/**
 * What every export says of itself: the finding with its caveat, where the numbers come from, and what to know before
 * believing them. Every text is one line of visible characters, whatever the files claim.
 */
export function exportLabel(explanation: Explanation, {date, notes = []}: LabelOptions): ExportLabel {
  const {finding, caveats, lint = []} = explanation
  return {
    title: visibleLine(finding.title),
    caveat: visibleLine(finding.caveat),
    strong: finding.strong === null ? null : visibleLine(finding.strong),
    facts: [
      ...factsOf(explanation),
      ...notes.map(({at, text}) => ['Note', `${notePlaceText(explanation, at)}: ${noteWords(text)}`] as const),
      ['Exported', `${date.toISOString().slice(0, 10)} from Density Lens ${version}`] as const
    ].map(([term, text]) => [term, visibleLine(text)] as const),
    caveats: [...caveats, ...lint].map(({text}) => visibleLine(text))
  }
}

function factsOf({model, axes, provenance}: Explanation): (readonly [term: string, text: string])[] {
  const {checkpoint, inputs, samples, maps, backend, bootstrap, app} = provenance
  const size = axes ? `, ${plural(axes.rows, axes.rowName)} × ${plural(axes.cols, axes.colName)}` : ''
  const settings = Object.entries(model.settings).filter(([, value]) => value !== undefined && value !== null)
  return [
    [
      'Model',
      `${model.title}${model.heads > 0 ? `, ${plural(model.heads, 'head')}` : ''}${size}${model.at ? `, at ${model.at}` : ''}`
    ],
    ['Checkpoint', fileText(checkpoint)],
    ...inputs.slice(0, 8).map((file) => ['Inputs', fileText(file)] as const),
    ...(inputs.length > 8 ? [['Inputs', `${count(inputs.length - 8)} more files`] as const] : []),
    ['Maps', mapsText(maps, samples)],
    ...(bootstrap
      ? [
          [
            'Intervals',
            `95 %, paired bootstrap over inputs, ${count(bootstrap.resamples)} resamples, seed ${bootstrap.seed}`
          ] as const
        ]
      : []),
    ...(settings.length > 0
      ? [['Settings', settings.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join('; ')] as const]
      : []),
    ['Computed', `by Density Lens ${app}${backend ? ` on ${backendText(backend)}` : ''}`]
  ]
}

const fileText = ({name, size, sha256}: FileIdentity): string =>
  `${name}, ${bytes(size)}, ${sha256 ? `SHA-256 ${sha256}` : 'not hashed'}`

const mapsText = (maps: Explanation['provenance']['maps'], samples: number): string =>
  ({
    inputs: `means over ${plural(samples, 'input')}`,
    saved: 'saved in the checkpoint',
    weights: 'the checkpoint’s own weight of each layer',
    none: 'none: there were neither inputs nor saved maps'
  })[maps]

const backendText = ({name, adapter}: NonNullable<Explanation['provenance']['backend']>): string =>
  `${{webgpu: 'WebGPU', wasm: 'WebAssembly', cpu: 'plain JavaScript'}[name]}${adapter ? ` (${adapter})` : ''}`

/** The label as lines of text, for formats that hold no more than that. */
export function labelLines({title, caveat, facts, caveats}: ExportLabel): string[] {
  return [
    title,
    caveat,
    ...facts.map(([term, text]) => `${term}: ${text}`),
    ...caveats.map((text) => `To know: ${text}`)
  ].filter((line) => line !== '')
}
