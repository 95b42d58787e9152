'use client'

import {Picture} from '@/components/foot/Picture'
import {useLive} from '@/components/live/LiveContext'
import {useLens, useSession, useStores} from '@/components/stores'
import {count, percent} from '@/lib/core/number'
import {softmax} from '@/lib/core/statistics'
import type {Explanation, SampleSummary} from '@/lib/explain/explanation'
import {questionOf} from '@/lib/state/exampleCard'
import type {LiveRead} from '@/lib/state/live'
import {type PredictionBar, predictionBars} from '@/lib/views/prediction'

/** What the model makes of the selected input. */
export function Prediction({explanation, settled}: {explanation: Explanation; settled: boolean}) {
  const chosen = useLens(({sample}) => sample)
  const live = useLive(({current}) => current)
  const sample = chosen === null || !settled ? undefined : explanation.samples[chosen]
  if (live) return <LivePrediction read={live} classes={explanation.model.classes} />
  return (
    <section className="cell prediction" aria-labelledby="prediction-title">
      <header>
        <h2 id="prediction-title">Prediction</h2>
        {sample && <span className="gloss">{glossOf(chosen!, sample, explanation)}</span>}
        {sample && explanation.density && <MapToggle />}
      </header>
      {sample ? (
        <Outcome sample={sample} index={chosen!} classes={explanation.model.classes} />
      ) : (
        <Absent explanation={explanation} settled={settled} />
      )}
    </section>
  )
}

/** What the model makes of an input that was drawn, spoken or typed. */
function LivePrediction({read, classes}: {read: LiveRead; classes: readonly string[] | null}) {
  const {logits} = read.reading
  const counts = useLive(({read, skipped}) => `${count(read)} read, ${count(skipped)} skipped`)
  const sample = {name: read.from, label: null, logits, probabilities: logits && softmax(logits)}
  return (
    <section className="cell prediction" aria-labelledby="prediction-title">
      <header>
        <h2 id="prediction-title">Prediction</h2>
        <span className="gloss">
          {read.from}; {counts}
        </span>
      </header>
      <div className="outcome">
        <Bars sample={sample} classes={classes} />
      </div>
    </section>
  )
}

/** Puts the selected input's own map in place of the mean, and back. */
function MapToggle() {
  const {lens} = useStores()
  const on = useLens(({sampleMap}) => sampleMap)
  return (
    <button type="button" className="link" aria-pressed={on} onClick={() => lens.getState().showSampleMap(!on)}>
      {on ? 'Show the mean' : 'Show its map'}
    </button>
  )
}

function Outcome({sample, index, classes}: {sample: SampleSummary; index: number; classes: readonly string[] | null}) {
  const pictures = useSession(({pictures}) => pictures)
  const question = useSession(({example}) => questionOf(example, index))
  return (
    <>
      {question && <p className="asked">{question}</p>}
      <div className="outcome">
        {pictures && index < pictures.count && <Picture pictures={pictures} index={index} />}
        <Bars sample={sample} classes={classes} most={question ? bestBars : undefined} />
      </div>
    </>
  )
}

/** So few have room, and each says its percentage. */
const fewBars = 5

/** Under the line of a question. */
const bestBars = 4

interface BarsProps {
  sample: SampleSummary
  classes: readonly string[] | null
  most?: number | undefined
}

function Bars({sample, classes, most}: BarsProps) {
  if (!sample.probabilities?.length)
    return <p className="quiet">This checkpoint holds no classifier, so it predicts nothing.</p>
  const {bars, hidden} = predictionBars(sample.probabilities, {
    names: classes,
    label: sample.label,
    ...(most ? {most} : {})
  })
  return (
    <table className={bars.length <= fewBars ? 'bars few' : 'bars'}>
      <caption className="visually-hidden">Probability of each class</caption>
      <tbody>
        {bars.map((bar) => (
          <BarRow key={bar.class} bar={bar} terse={bars.length > fewBars} />
        ))}
      </tbody>
      {hidden > 0 && (
        <tfoot>
          <tr>
            <td colSpan={3}>and {count(hidden)} less likely</td>
          </tr>
        </tfoot>
      )}
    </table>
  )
}

function BarRow({bar, terse}: {bar: PredictionBar; terse: boolean}) {
  const {name, probability, best, labelled} = bar
  const state = [best && 'best', labelled && 'labelled'].filter(Boolean).join(' ')
  return (
    <tr className={state || undefined}>
      <th scope="row">
        {name}
        {labelled && <span className="visually-hidden"> (its label)</span>}
      </th>
      <td className="bar-cell">
        <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
          <path className="track" d="M0 4H100" />
          <rect width={Math.max(0.6, probability * 100)} height="8" />
        </svg>
      </td>
      <td>
        {best || !terse || probability >= 0.01 ? (
          percent(probability)
        ) : (
          <span className="visually-hidden">{percent(probability)}</span>
        )}
      </td>
    </tr>
  )
}

function Absent({explanation, settled}: {explanation: Explanation; settled: boolean}) {
  return (
    <p className="quiet">
      {!settled
        ? `Follows when the last input is in.${explanation.heads.length > 0 ? ' The Gaussians above are already complete: they come from the file alone.' : ''}`
        : explanation.samples.length > 0
          ? 'Choose an input to see what the model makes of it.'
          : explanation.heads.length > 0
            ? 'Needs inputs: the checkpoint alone says which features a head prefers, not what it predicts.'
            : 'Needs inputs: the checkpoint alone does not say what it predicts.'}
    </p>
  )
}

function glossOf(index: number, {label}: SampleSummary, {model}: Explanation): string {
  const labelled = label === null ? '' : `, labelled ${model.classes?.[label] ?? label}`
  return `input ${count(index + 1)}${labelled}`
}
