'use client'

import {Fragment, type ReactNode} from 'react'
import {useRoom} from '@/components/room'
import {useSession} from '@/components/stores'
import {bytes, count, percent, plural} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import type {OpenQuestion} from '@/lib/models/family'

/** What was recognised in the file, what is missing, and what had to be assumed. */
export function Checkpoint({explanation}: {explanation: Explanation}) {
  const {show} = useRoom()
  // Which module it is has its own place.
  const questions = useSession(({questions}) => questions).filter(({setting}) => setting !== 'module')
  const hasTensors = useSession(({report}) => report !== null)
  const facts = factsOf(explanation)
  const others = explanation.model.others?.length ?? 0
  return (
    <section className="cell checkpoint" aria-labelledby="checkpoint-title">
      <header>
        <h2 id="checkpoint-title">Checkpoint</h2>
        {hasTensors && (
          <button type="button" className="link" onClick={() => show('tensors')}>
            Tensors
          </button>
        )}
      </header>
      <dl>
        {facts.map(([term, value]) => (
          <Fragment key={term}>
            <dt>{term}</dt>
            {term === 'At' && others > 0 && hasTensors ? (
              <dd className="assumed">
                {value}
                <button type="button" className="link" onClick={() => show('tensors')}>
                  1 of {count(others + 1)} modules
                </button>
              </dd>
            ) : (
              <dd title={typeof value === 'string' ? value : undefined}>{value}</dd>
            )}
          </Fragment>
        ))}
        {explanation.lint && explanation.lint.length > 0 && (
          <>
            <dt>To check</dt>
            <dd>
              <button type="button" className="link" onClick={() => show('things')}>
                {plural(explanation.lint.length, 'thing')}
              </button>
            </dd>
          </>
        )}
        {questions.length > 0 && (
          <>
            <dt>Assumed</dt>
            <dd className="assumed">
              <span>{assumed(questions)}</span>
              <button type="button" className="link" onClick={() => show('settings')}>
                Change
              </button>
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

/** One answer is said; of more only how many. */
function assumed(questions: readonly OpenQuestion[]): string {
  const [first, ...rest] = questions
  if (!first || rest.length > 0) return plural(questions.length, 'setting')
  return `${settingNames[first.setting]} ${first.options[first.chosen]?.label ?? ''}`
}

const settingNames = {
  axes: 'axis',
  paddingValue: 'padding',
  map: 'map',
  blockLayer: 'layer',
  layout: 'input as',
  module: 'module',
  queryHeads: 'query heads',
  layerMix: 'weights as',
  release: 'release of',
  offsetRange: 'points move',
  samplingStrides: 'strides',
  headWidth: 'channels per head',
  questionOrder: 'read from',
  lstmOutput: 'LSTM gives',
  bindings: 'bound',
  family: 'family',
  heads: 'heads'
} as const

function factsOf({model, provenance}: Explanation): [term: string, value: ReactNode][] {
  const {checkpoint, maps, savedMaps} = provenance
  const read = `${count(model.tensorsRead)} of ${plural(model.tensorsTotal, 'tensor')}, ${bytes(checkpoint.size)}`
  return [
    ['Found', model.title],
    ['At', <code key="at">{model.at}</code>],
    ['Read', read],
    ['Missing', <Missing key="missing" missing={model.missing} />],
    ...(maps === 'saved' ? [['Maps', savedText(savedMaps)] as [string, string]] : []),
    ...(model.accuracy === null
      ? []
      : [['Accuracy', `${percent(model.accuracy)}, as the file states`] as [string, string]]),
    ...(checkpoint.sha256 ? [['SHA-256', <Hash key="hash" hash={checkpoint.sha256} />] as [string, ReactNode]] : [])
  ]
}

/** How many maps the mean is of; an explanation of an earlier version does not know. */
function savedText(found: Explanation['provenance']['savedMaps']): string {
  if (!found) return 'saved in the file'
  const {used, held} = found
  return held > used ? `mean of the last ${count(used)} of ${count(held)} saved` : `mean of ${count(used)} saved`
}

function Missing({missing}: {missing: readonly string[]}) {
  const [first, ...rest] = missing
  if (!first) return 'nothing'
  return <span title={missing.join('\n')}>{rest.length > 0 ? `${first}; ${rest.length} more` : first}</span>
}

function Hash({hash}: {hash: string}) {
  return (
    <code title={hash}>
      {hash.slice(0, 8)}…{hash.slice(-4)}
    </code>
  )
}
