'use client'

import {useEffect, useRef, useState} from 'react'
import {Facts} from '@/components/inspect/Facts'
import {SliceMap} from '@/components/inspect/SliceMap'
import {saveFile} from '@/components/saveFile'
import {useStores} from '@/components/stores'
import {CancelledError} from '@/lib/core/errors'
import {bytes, count} from '@/lib/core/number'
import type {Openable, Progress, TensorStatistics} from '@/lib/engine/protocol'
import type {TensorEntry} from '@/lib/formats/archive'
import {histogramMarks} from '@/lib/views/histogram'

/** One tensor: what it is, and on demand its statistics, a map of a slice, a line of Python and a file of its own. */
export function TensorLook({entry, role, file}: {entry: TensorEntry; role: string | null; file: Openable | null}) {
  const {session} = useStores()
  const {statistics, exportTensor} = session.getState().looks
  const [found, setFound] = useState<TensorStatistics | null>(null)
  const {progress, failure, run, cancel} = useWork()
  const {name, dtype, stored, shape, byteLength} = entry
  const save = (content: Uint8Array<ArrayBuffer>) => saveFile(new Blob([content]), `${name}.npy`)
  return (
    <section className="look" aria-label={`Tensor ${name}`}>
      <h3>
        <code>{name}</code>
      </h3>
      <p className="quiet">
        {dtype}
        {stored ? ` (stored as ${stored})` : ''}, ({shape.join(', ')}), {bytes(byteLength)}
        {role ? `, used as ${role}` : ''}
      </p>
      {file && (
        <div className="actions">
          <button
            type="button"
            className="button primary"
            disabled={progress !== null}
            onClick={() => run(async (options) => setFound(await statistics(file, name, options)))}
          >
            Statistics
          </button>
          <button
            type="button"
            className="button"
            disabled={progress !== null}
            onClick={() => run(async (options) => save(await exportTensor(file, name, options)))}
          >
            Save as .npy
          </button>
          {progress !== null && (
            <>
              <progress max={progress.total || 1} value={progress.done} aria-label="Reading" />
              <button type="button" className="link" onClick={cancel}>
                Cancel
              </button>
            </>
          )}
        </div>
      )}
      <p role="status" className={failure ? 'failure' : 'visually-hidden'}>
        {failure ?? (progress ? progress.text : found ? 'Statistics are there.' : '')}
      </p>
      {found && <Statistics found={found} />}
      {file && byteLength > 0 && <SliceMap entry={entry} file={file} />}
    </section>
  )
}

interface WorkOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** One piece of work at a time, which leaving stops. */
function useWork() {
  const [progress, setProgress] = useState<Pick<Progress, 'done' | 'total' | 'text'> | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const step = useRef<AbortController | null>(null)
  useEffect(() => () => step.current?.abort(), [])
  const run = async (work: (options: WorkOptions) => Promise<void>) => {
    step.current?.abort()
    const controller = new AbortController()
    step.current = controller
    setFailure(null)
    setProgress({done: 0, total: 1, text: 'Reading'})
    try {
      await work({signal: controller.signal, onProgress: setProgress})
    } catch (error) {
      if (!(error instanceof CancelledError)) setFailure((error as Error).message)
    }
    setProgress(null)
  }
  return {progress, failure, run, cancel: () => step.current?.abort()}
}

const number = (value: number) => String(Number(value.toPrecision(7))).replace('-', '−')

function Statistics({found}: {found: TensorStatistics}) {
  const {finite, zeros, nan, infinite, sha256, python} = found
  const facts: [string, string][] = [
    ...(finite
      ? ([
          ['Smallest', number(finite.min)],
          ['Largest', number(finite.max)],
          ['Mean', number(finite.mean)],
          ['Deviation', number(finite.deviation)]
        ] as [string, string][])
      : []),
    ['Elements', count(found.count)],
    ['Zeros', count(zeros)],
    ['NaN', count(nan)],
    ['Infinite', count(infinite)]
  ]
  return (
    <>
      <Facts facts={facts} />
      {finite && <Histogram found={finite.histogram} />}
      {sha256 && (
        <p className="quiet">
          SHA-256 <code className="hash">{sha256}</code>
        </p>
      )}
      {'line' in python ? (
        <>
          <p className="quiet">
            This line of Python prints the same numbers{' '}
            <button type="button" className="link" onClick={() => navigator.clipboard.writeText(python.line)}>
              Copy
            </button>
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <section className="python" tabIndex={0} aria-label="Line of Python and what it prints">
            {python.line}
            {'\n→ '}
            {python.prints}
          </section>
        </>
      ) : (
        <p className="quiet">{python.why}</p>
      )}
    </>
  )
}

function Histogram({found}: {found: Parameters<typeof histogramMarks>[0]}) {
  const {bars, low, high, label} = histogramMarks(found, 320, 64)
  return (
    <svg className="histogram" width="320" height="82" role="img" aria-label={label}>
      {bars.map(({x, y, width, height}) => (
        <rect key={x} x={x} y={y} width={width} height={height} />
      ))}
      <line x1="0" x2="320" y1="64.5" y2="64.5" />
      <text x="0" y="79">
        {low}
      </text>
      <text x="320" y="79" textAnchor="end">
        {high}
      </text>
    </svg>
  )
}
