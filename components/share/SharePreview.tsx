'use client'

import {useEffect, useRef, useState} from 'react'
import {openFigure} from '@/components/figure/openFigure'
import {useElementSize} from '@/components/hooks/useElementSize'
import {useTheme} from '@/components/hooks/useTheme'
import {plural} from '@/lib/core/number'
import {decodeRecord, type SharedRecord} from '@/lib/share/record'
import {createLens} from '@/lib/state/lens'
import {lensOf} from '@/lib/state/lensView'

/** The figure is drawn at this size and shown smaller. */
const size = {width: 1232, height: 520}
// Named, they stand beside each other whatever the window's width.
const panels = ['a', 'b', 'c', 'd', 'e'] as const

/** What will be seen, drawn from the very bytes that would leave. */
export function SharePreview({bytes}: {bytes: Uint8Array | null}) {
  const [record, setRecord] = useState<SharedRecord | null>(null)
  useEffect(() => {
    let left = false
    if (bytes) decodeRecord(bytes).then((read) => left || setRecord(read))
    return () => {
      left = true
    }
  }, [bytes])
  const box = useRef<HTMLDivElement>(null)
  const width = useElementSize(box)?.width ?? 0
  const {provenance, finding} = record?.explanation ?? {}
  return (
    <figure className="share-preview" aria-label="What will be seen" inert>
      <p className="share-preview-title">{finding?.title}</p>
      <div ref={box} className="share-preview-figure" style={{height: (width * size.height) / size.width}}>
        {record && <Picture record={record} scale={width / size.width} />}
      </div>
      <figcaption>
        <span>
          {provenance &&
            [provenance.checkpoint.name, ...(provenance.samples > 0 ? [plural(provenance.samples, 'input')] : [])].join(
              ', '
            )}
        </span>
        <span>Density Lens</span>
      </figcaption>
    </figure>
  )
}

function Picture({record, scale}: {record: SharedRecord; scale: number}) {
  const theme = useTheme()
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const {explanation, view, notes} = record
    const lens = createLens()
    if (view) lens.setState(lensOf(view, explanation))
    const figure = openFigure(root.current!, lens, panels)
    const still = {partial: false, sampleMap: null, sumUp: null, device: null, edits: null}
    figure.show({explanation, theme, notes, size, ...still})
    return () => figure.close()
  }, [record, theme])
  return <div ref={root} className="figure" style={{...size, transform: `scale(${scale})`}} />
}
