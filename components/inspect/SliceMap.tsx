'use client'

import {useEffect, useRef, useState} from 'react'
import {useElementSize} from '@/components/hooks/useElementSize'
import {useTheme} from '@/components/hooks/useTheme'
import {useStores} from '@/components/stores'
import {CancelledError} from '@/lib/core/errors'
import {drawHeatmap} from '@/lib/draw/heatmap'
import type {Openable, SliceRequest, TensorSlice} from '@/lib/engine/protocol'
import type {TensorEntry} from '@/lib/formats/archive'
import {tensorMap, tensorMapHeight} from '@/lib/views/tensorMap'

/** Larger slices are read when asked for. */
const atOnce = 8e6

/** Any two axes of a tensor as a heatmap; the other axes stand where the person puts them. */
export function SliceMap({entry, file}: {entry: TensorEntry; file: Openable}) {
  const {session} = useStores()
  const {slice} = session.getState().looks
  const {name, shape, byteLength} = entry
  const [asked, setAsked] = useState<SliceRequest>(() => lastTwo(shape))
  const [wanted, setWanted] = useState(byteLength <= atOnce)
  const [found, setFound] = useState<TensorSlice | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  useEffect(() => {
    if (!wanted) return
    const controller = new AbortController()
    slice(file, name, asked, {signal: controller.signal}).then(
      (next) => {
        setFound(next)
        setFailure(null)
      },
      (error: Error) => {
        if (!(error instanceof CancelledError)) setFailure(error.message)
      }
    )
    return () => controller.abort()
  }, [slice, file, name, asked, wanted])
  return (
    <div className="slice">
      {shape.length > 1 && <Axes shape={shape} asked={asked} onChange={setAsked} />}
      {!wanted && (
        <button type="button" className="button" onClick={() => setWanted(true)}>
          Draw this slice
        </button>
      )}
      {failure && <p className="failure">{failure}</p>}
      {found && <Heatmap found={found} asked={asked} />}
    </div>
  )
}

function Heatmap({found, asked}: {found: TensorSlice; asked: SliceRequest}) {
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const group = useRef<SVGGElement>(null)
  const size = useElementSize(box)
  const theme = useTheme()
  const width = Math.max(80, (size?.width ?? 320) - 2)
  const marks = tensorMap(found, {
    width,
    theme,
    rowName: asked.rowAxis === null ? 'one row' : `axis ${asked.rowAxis}`,
    colName: `axis ${asked.colAxis}`
  })
  useEffect(() => {
    if (canvas.current && group.current) drawHeatmap(canvas.current, group.current, marks)
  })
  return (
    <div className="slice-map" ref={box}>
      <canvas ref={canvas} />
      <svg width={width} height={tensorMapHeight(found)} role="img" aria-label={marks.label}>
        <g ref={group} transform="translate(0,24)" />
      </svg>
    </div>
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
