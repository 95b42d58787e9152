'use client'

import {type KeyboardEvent, type PointerEvent, useEffect, useRef, useState} from 'react'
import {useElementSize} from '@/components/hooks/useElementSize'
import {useTheme} from '@/components/hooks/useTheme'
import {useSlice} from '@/components/inspect/useSlice'
import {useLens, useStores} from '@/components/stores'
import {drawHeatmap} from '@/lib/draw/heatmap'
import {drawTip} from '@/lib/draw/tip'
import type {Openable, SliceRequest, TensorSlice} from '@/lib/engine/protocol'
import type {TensorEntry} from '@/lib/formats/archive'
import {mapKey} from '@/lib/views/mapKeys'
import {sliceReading} from '@/lib/views/sliceReading'
import {tensorMap} from '@/lib/views/tensorMap'

/** Larger slices are read when asked for. */
const atOnce = 8e6

/** Any two axes of a tensor as a heatmap; the other axes stand where the person puts them. */
export function SliceMap({entry, file}: {entry: TensorEntry; file: Openable}) {
  const {lens} = useStores()
  const {name, shape, byteLength} = entry
  const [asked, setAsked] = useState<SliceRequest>(() => lastTwo(shape))
  const [wanted, setWanted] = useState(byteLength <= atOnce)
  const {found, detail, progress, failure, cancel} = useSlice(file, name, asked, wanted)
  // Another slice is another map: it begins whole.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => lens.getState().zoomSlice({cols: null, rows: null}), [lens, name, asked])
  return (
    <div className="slice">
      {shape.length > 1 && <Axes shape={shape} asked={asked} onChange={setAsked} />}
      {!wanted && (
        <button type="button" className="button" onClick={() => setWanted(true)}>
          Draw this slice
        </button>
      )}
      {wanted && progress && (
        <div className="actions">
          <progress max={progress.total || 1} value={progress.done} aria-label="Reading the slice" />
          <button
            type="button"
            className="link"
            onClick={() => {
              cancel()
              if (!found) setWanted(false)
            }}
          >
            Cancel
          </button>
        </div>
      )}
      {failure && <p className="failure">{failure}</p>}
      {found && <Heatmap found={found} detail={detail} asked={asked} />}
    </div>
  )
}

interface HeatmapProps {
  found: TensorSlice
  detail: TensorSlice | null
  asked: SliceRequest
}

function Heatmap({found, detail, asked}: HeatmapProps) {
  const {lens} = useStores()
  const box = useRef<HTMLElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const group = useRef<SVGGElement>(null)
  const size = useElementSize(box)
  const theme = useTheme()
  const view = useLens(({sliceView}) => sliceView)
  const map = tensorMap(found, {
    width: Math.max(120, (size?.width ?? 320) - 2),
    theme,
    rowName: asked.rowAxis === null ? 'one row' : `axis ${asked.rowAxis}`,
    colName: `axis ${asked.colAxis}`,
    view,
    detail
  })
  const {marks, left, top} = map
  useEffect(() => {
    if (!canvas.current || !group.current) return
    canvas.current.style.left = `${left}px`
    drawHeatmap(canvas.current, group.current, marks, {onZoom: lens.getState().zoomSlice})
  })
  const point = (event: PointerEvent | null) => {
    const host = box.current
    if (!host) return
    const {left: x0, top: y0} = host.getBoundingClientRect()
    const [x, y] = event ? [event.clientX - x0, event.clientY - y0] : [-1, -1]
    const reading = sliceReading(map, x - left, y - top)
    drawTip(host, reading && {reading, x, y})
  }
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    // Nothing else is moved by arrows here, so they need no modifier.
    const next = mapKey(event.key, true, marks, null)
    if (!next) return
    event.preventDefault()
    event.stopPropagation()
    lens.getState().zoomSlice(next)
  }
  return (
    <section
      className="slice-map"
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is zoomed and moved by keys
      tabIndex={0}
      aria-label="Map of the slice. Plus and minus zoom, 0 shows all, arrows move."
      onKeyDown={press}
      onPointerMove={point}
      onPointerLeave={() => point(null)}
    >
      <canvas ref={canvas} />
      <svg width={map.width} height={map.height} role="img" aria-label={marks.label}>
        <g ref={group} transform={`translate(${left},${top})`} />
      </svg>
    </section>
  )
}

interface AxesProps {
  shape: readonly number[]
  asked: SliceRequest
  onChange: (asked: SliceRequest) => void
}

function Axes({shape, asked, onChange}: AxesProps) {
  const {rowAxis, colAxis, index} = asked
  const axes = shape.map((length, axis) => ({axis, text: `axis ${axis} (${length})`}))
  // Two roles on one axis would be no map: the other takes its place.
  const setRow = (axis: number) =>
    onChange({...asked, rowAxis: axis, colAxis: axis === colAxis ? (rowAxis ?? 0) : colAxis})
  const setCol = (axis: number) => onChange({...asked, colAxis: axis, rowAxis: axis === rowAxis ? colAxis : rowAxis})
  return (
    <div className="bind-top">
      <label>
        Down
        <select value={rowAxis ?? 0} onChange={({target}) => setRow(Number(target.value))}>
          {axes.map(({axis, text}) => (
            <option key={axis} value={axis}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        Across
        <select value={colAxis} onChange={({target}) => setCol(Number(target.value))}>
          {axes.map(({axis, text}) => (
            <option key={axis} value={axis}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {axes
        .filter(({axis}) => axis !== rowAxis && axis !== colAxis && shape[axis]! > 1)
        .map(({axis}) => (
          <label key={axis}>
            Axis {axis} at
            <input
              type="number"
              min={0}
              max={shape[axis]! - 1}
              value={index[axis] ?? 0}
              onChange={({target}) => {
                const at = Math.max(0, Math.min(shape[axis]! - 1, Math.floor(Number(target.value)) || 0))
                onChange({...asked, index: index.with(axis, at)})
              }}
            />
          </label>
        ))}
    </div>
  )
}

function lastTwo(shape: readonly number[]): SliceRequest {
  const index = shape.map(() => 0)
  return shape.length < 2
    ? {rowAxis: null, colAxis: 0, index}
    : {rowAxis: shape.length - 2, colAxis: shape.length - 1, index}
}
