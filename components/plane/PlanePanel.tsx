'use client'

import {useEffect, useMemo, useRef, useState} from 'react'
import {Choice} from '@/components/controls/Choice'
import {useTheme} from '@/components/hooks/useTheme'
import {useLive} from '@/components/live/LiveContext'
import {type OpenPlane, openPlane} from '@/components/plane/openPlane'
import {type RowPoints, readRow} from '@/components/plane/planeShown'
import {SpanPlayer} from '@/components/plane/SpanPlayer'
import {SpokenPlace} from '@/components/plane/SpokenPlace'
import {useOwnMap} from '@/components/plane/useOwnMap'
import {usePoints} from '@/components/plane/usePoints'
import {useLens, useSession, useStores} from '@/components/stores'
import {count} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import {type PlaneAxes, planeAxes, planeGloss, planeScene} from '@/lib/views/plane'
import {type Looks, looksHint, looksOptions, noPointsText, pointsText, sampledText} from '@/lib/views/planeLooks'
import {hasTime, type PlaneSpan} from '@/lib/views/planeSpan'

/** Where the model attends on the input itself, row by row; nothing for maps whose columns are features. */
export function PlanePanel({explanation}: {explanation: Explanation}) {
  // Readings come and go on the same axes.
  const named = JSON.stringify(explanation.axes)
  const axes = useMemo(() => planeAxes({axes: JSON.parse(named)}), [named])
  return axes && explanation.density ? <Plane explanation={explanation} axes={axes} /> : null
}

function Plane({explanation, axes}: {explanation: Explanation; axes: PlaneAxes}) {
  const {lens} = useStores()
  const theme = useTheme()
  const root = useRef<HTMLElement>(null)
  const opened = useRef<OpenPlane>(null)
  const play = useRef<() => void>(() => {})
  const selected = useLens(({sample}) => sample)
  const live = useLive(({current}) => current)
  // What is read live is none of the inputs.
  const sample = live ? null : selected
  const example = useSession(({example}) => example)
  const [whose, setWhose] = useState<'own' | 'mean'>('own')
  const [looks, setLooks] = useState<Looks>('attention')
  const [span, setSpan] = useState<PlaneSpan | null>(null)
  const shipped = usePicture(sample)
  const picture = live ? (live.reading.picture ?? null) : shipped
  const had = useOwnMap(sample)
  const own = whose === 'own' ? had : null
  const map = own ?? explanation.density!
  const scene = useMemo(() => planeScene(axes, map, {theme, picture}), [axes, map, theme, picture])
  const words = useMemo(() => wordsOf(example?.questions, sample), [example, sample])
  const input = live ? live.from : sample === null ? null : `Input ${count(sample + 1)}`
  const first = explanation.layers.find(({rank}) => rank === 1)?.layer ?? 0
  const {points, none, sampled, can} = usePoints(axes, sample, {looks, first})

  useEffect(() => {
    const open = openPlane(root.current!, lens, {onSpan: setSpan, onPlay: () => play.current()})
    opened.current = open
    return () => {
      opened.current = null
      open.close()
    }
  }, [lens])
  // `lens` too: a new one has opened a new panel, which has nothing to show yet.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (scene) opened.current?.show({scene, input, words, first, points, sampled, span})
  }, [scene, input, words, first, points, sampled, span, lens])
  // Windows of one microphone are one input, and a span of theirs stays where it is.
  const from = live?.from ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: another input has another sound
  useEffect(() => setSpan(null), [sample, from, axes])

  const runs = can || had !== null
  return (
    <section
      ref={root}
      className="cell plane-panel"
      aria-labelledby="plane-title"
      hidden={scene === null}
      data-holds={span ? '' : undefined}
    >
      <header>
        <h2 id="plane-title">On the input</h2>
        <span className="gloss">{planeGloss(axes, own !== null || live !== null, explanation.provenance.samples)}</span>
        <span className="plane-legend" />
        {sample !== null && runs && (
          <Choice label="Whose attention" options={whoseOptions} value={whose} onChange={setWhose} />
        )}
        {can && <Choice label="What is shown" options={looksOptions} value={looks} onChange={setLooks} />}
      </header>
      <div className="plane-body">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move over its places */}
        <div className="plane-focus" role="application" tabIndex={0} aria-label={focusLabel(axes)} />
        <div className="plane-says">
          {hasTime(axes.plane) && (
            <SpanPlayer plane={axes.plane} map={map} first={first} span={span} sample={sample} play={play} />
          )}
          <p className="plane-words" />
          <p className="sentence" />
          <p className="plane-legend plane-own" hidden />
          {sampled && <p className="quiet">{sampledText(sampled.density)}</p>}
          {/* Room for one of them, so that the figure above stays as high as it is. */}
          {looks === 'points' && <PointsText axes={axes} points={points} none={none} first={first} />}
          {looks === 'attention' && !span && <p className="quiet plane-hint">{looksHint(axes, looks)}</p>}
        </div>
        <div className="plane-tiles" />
      </div>
      <SpokenPlace axes={axes} map={map} words={words} />
    </section>
  )
}

const whoseOptions = [
  {value: 'own', text: 'This input'},
  {value: 'mean', text: 'Mean'}
] as const

function usePicture(sample: number | null) {
  const pictures = useSession(({pictures}) => pictures)
  return useMemo(() => {
    if (!pictures || sample === null || sample >= pictures.count) return null
    const {width, height, values} = pictures
    return {width, height, values: values.subarray(sample * width * height, (sample + 1) * width * height)}
  }, [pictures, sample])
}

const wordsOf = (questions: readonly string[] | undefined, sample: number | null): readonly string[] | null =>
  (sample === null ? null : questions?.[sample]?.trim().split(/\s+/)) ?? null

const focusLabel = ({plane}: PlaneAxes): string =>
  `Places on the input, ${plane.height} by ${plane.width}: arrow keys move, Page Up and Page Down change the row, Enter pins${hasTime(plane) ? '; with Shift they choose a span of time, Space plays it, Escape lets it go' : ''}`

interface PointsTextProps {
  axes: PlaneAxes
  points: RowPoints | null
  none: boolean
  first: number
}

/** What the dots are, why there are none, or how to see them. */
function PointsText({axes, points, none, first}: PointsTextProps) {
  const row = useLens((lens) => readRow(lens, first))
  if (points?.row === row) return <p className="quiet">{pointsText(points.found)}</p>
  return <p className="quiet plane-hint">{none ? noPointsText : looksHint(axes, 'points')}</p>
}
