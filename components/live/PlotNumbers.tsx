'use client'

import {useEffect, useState} from 'react'
import {useStream} from '@/components/live/StreamContext'
import type {LiveStreamStore} from '@/lib/state/liveStream'
import {streamTable} from '@/lib/views/streamTable'
import {timeText} from '@/lib/views/timeText'

/** Numbers that change faster cannot be read. */
const readableMs = 1000

/** What the plot shows, as numbers, and its marks, which can be renamed here. */
export function PlotNumbers({stream}: {stream: LiveStreamStore}) {
  const measure = useStream(stream, ({measure}) => measure)
  const view = useStream(stream, ({view}) => view)
  const [, tick] = useState(0)
  useEffect(() => {
    if (view) return
    const timer = setInterval(() => tick((n) => n + 1), readableMs)
    return () => clearInterval(timer)
  }, [view])
  const {record, rowName} = stream.getState()
  const {columns, rows} = streamTable(record(), {measure, rowName})
  return (
    <div className="plot-numbers">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="scroll" tabIndex={0} aria-label="The numbers of what is seen">
        <table className="data numbers">
          <thead>
            <tr>
              {columns.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...cells]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells.map((cell, column) => (
                  <td key={columns[column + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Marks stream={stream} />
    </div>
  )
}

function Marks({stream}: {stream: LiveStreamStore}) {
  const marks = useStream(stream, ({marks}) => marks)
  const {rename, unmark, record} = stream.getState()
  const start = record().extent?.[0] ?? 0
  if (marks.length === 0) return <p className="quiet">No marks yet. M, or Mark, names the moment that is seen last.</p>
  return (
    <ul className="plot-marks">
      {marks.map(({id, at, text}) => (
        <li key={id}>
          <span className="key">{timeText(at - start, 1)}</span>
          <input
            type="text"
            aria-label={`Mark at ${timeText(at - start, 1)}`}
            value={text}
            maxLength={60}
            onChange={({target}) => rename(id, target.value)}
          />
          <button type="button" className="link" aria-label={`Remove the mark ${text}`} onClick={() => unmark(id)}>
            Remove
          </button>
        </li>
      ))}
    </ul>
  )
}
