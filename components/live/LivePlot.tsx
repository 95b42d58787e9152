'use client'

import {useEffect, useRef, useState} from 'react'
import {Choice} from '@/components/controls/Choice'
import {useElementSize} from '@/components/hooks/useElementSize'
import {useTheme} from '@/components/hooks/useTheme'
import {type OpenPlot, openPlot} from '@/components/live/openPlot'
import {PlotNumbers} from '@/components/live/PlotNumbers'
import {useStream} from '@/components/live/StreamContext'
import {bringIntoSight} from '@/components/live/turnPlot'
import {saveFile} from '@/components/saveFile'
import {useStores} from '@/components/stores'
import {count, plural} from '@/lib/core/number'
import {streamCsv, streamJson} from '@/lib/share/streamFile'
import type {LiveStreamStore, StreamMeasure} from '@/lib/state/liveStream'

const measures: readonly {value: StreamMeasure; text: string}[] = [
  {value: 'importance', text: 'Importance'},
  {value: 'learned', text: 'Learned part'},
  {value: 'rank', text: 'Rank'}
]

/** How importance moves, line by line, while inputs, the model or its training move. */
export function LivePlot({stream}: {stream: LiveStreamStore}) {
  const section = useRef<HTMLElement>(null)
  const [numbers, setNumbers] = useState(false)
  const measure = useStream(stream, ({measure}) => measure)
  const {choose, show} = stream.getState()
  useEffect(() => bringIntoSight(section.current!), [])
  return (
    <section ref={section} className="live-plot" aria-labelledby="live-plot-title">
      <header>
        <h2 id="live-plot-title">Live plot</h2>
        <Counts stream={stream} />
        <Choice label="Live plot of" options={measures} value={measure} onChange={choose} />
        <span className="plot-actions">
          <Standing stream={stream} />
          <button type="button" className="link" onClick={() => stream.getState().mark()}>
            Mark
          </button>
          <Exports stream={stream} />
          <Restart stream={stream} />
          <button type="button" className="link" aria-expanded={numbers} onClick={() => setNumbers(!numbers)}>
            Numbers
          </button>
          <button type="button" className="link" onClick={() => show(false)}>
            Close
          </button>
        </span>
      </header>
      <Picture stream={stream} />
      {numbers && <PlotNumbers stream={stream} />}
    </section>
  )
}

/** Nothing is left out without being counted here. */
function Counts({stream}: {stream: LiveStreamStore}) {
  // These change with pictures, not with samples.
  const drawn = useStream(stream, ({drawn}) => drawn)
  const dropped = useStream(stream, ({dropped}) => dropped)
  const missed = useStream(stream, ({missed}) => missed)
  const waiting = useStream(stream, ({waiting}) => waiting)
  const said = [
    plural(drawn + dropped, 'sample'),
    plural(drawn, 'picture'),
    `${count(dropped)} without one of their own`,
    waiting > 0 && `${count(waiting)} more since it stands`,
    missed > 0 && `${plural(missed, 'input')} overtaken before being read`
  ]
  return (
    <span className="gloss plot-counts" title="Every sample is in the history; a picture may show several at once">
      {said.filter(Boolean).join(', ')}
    </span>
  )
}

function Standing({stream}: {stream: LiveStreamStore}) {
  const standing = useStream(stream, ({view}) => view !== null)
  const {pause, resume} = stream.getState()
  return (
    <button
      type="button"
      className="link"
      aria-label={standing ? 'Resume the plot' : 'Pause the plot'}
      onClick={standing ? resume : pause}
    >
      {standing ? 'Resume' : 'Pause'}
    </button>
  )
}

/** The history goes on through every checkpoint that is opened, until it is wanted no more. */
function Restart({stream}: {stream: LiveStreamStore}) {
  const empty = useStream(stream, ({received}) => received === 0)
  return (
    <button
      type="button"
      className="link"
      disabled={empty}
      title="Forgets what came, and its marks"
      onClick={stream.getState().restart}
    >
      Start anew
    </button>
  )
}

function Exports({stream}: {stream: LiveStreamStore}) {
  const save = (type: 'csv' | 'json') => {
    const {record, name, rowName, received, missed} = stream.getState()
    const file = `${name.replace(/\.\w+$/, '') || 'live'}-live.${type}`
    if (type === 'csv') saveFile(new Blob([streamCsv(record())], {type: 'text/csv'}), file)
    else {
      const json = streamJson(record(), {name, rowName, received, missed})
      saveFile(new Blob([json], {type: 'application/json'}), file)
    }
  }
  return (
    <>
      <button type="button" className="link" aria-label="Save as CSV" onClick={() => save('csv')}>
        CSV
      </button>
      <button type="button" className="link" aria-label="Save as JSON" onClick={() => save('json')}>
        JSON
      </button>
    </>
  )
}

/** Often enough to follow, seldom enough to be heard out. */
const sayEveryMs = 5000

function Picture({stream}: {stream: LiveStreamStore}) {
  const {lens} = useStores()
  const theme = useTheme()
  const host = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const svg = useRef<SVGSVGElement>(null)
  const strip = useRef<HTMLCanvasElement>(null)
  const region = useRef<HTMLParagraphElement>(null)
  const plot = useRef<OpenPlot>(null)
  const size = useElementSize(host)

  useEffect(() => {
    let saidAt = -Infinity
    const say = ({label}: {label: string}) => {
      const text = region.current!
      if (performance.now() - saidAt < sayEveryMs || text.textContent === label) return
      saidAt = performance.now()
      text.textContent = label
    }
    const place = {host: host.current!, canvas: canvas.current!, svg: svg.current!, strip: strip.current!}
    const open = openPlot(place, stream, lens, say)
    plot.current = open
    return () => {
      plot.current = null
      open.close()
    }
  }, [stream, lens])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another stream or lens has opened another plot
  useEffect(() => {
    if (size) plot.current?.look({...size, theme})
  }, [size, theme, stream, lens])

  // Announced only to those who are here; a plot below the fold keeps its peace.
  const [here, setHere] = useState(false)
  return (
    <>
      <div
        ref={host}
        className="plot-picture"
        role="application"
        aria-roledescription="live plot"
        aria-label="Live plot. Space pauses, left and right go through time, up and down through the lines, M marks."
        aria-describedby="live-plot-said"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keyboard
        tabIndex={0}
        onFocus={() => setHere(true)}
        onBlur={() => setHere(false)}
      >
        <canvas ref={canvas} />
        <svg ref={svg} aria-hidden="true" />
      </div>
      <canvas ref={strip} className="plot-strip" />
      <p id="live-plot-said" ref={region} className="visually-hidden" aria-live={here ? 'polite' : 'off'} />
    </>
  )
}
