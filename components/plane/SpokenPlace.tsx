'use client'

import {useEffect, useRef} from 'react'
import {readColumn} from '@/components/plane/planeShown'
import {useStores} from '@/components/stores'
import type {Grid} from '@/lib/core/grid'
import type {PlaneAxes} from '@/lib/views/plane'
import {planeReading} from '@/lib/views/planeReading'

/** Long enough for a held arrow key to come to rest. */
const restMs = 250

/** Says the place that the arrow keys came to; a pointer's travels are not announced. */
export function SpokenPlace({axes, map, words}: {axes: PlaneAxes; map: Grid; words: readonly string[] | null}) {
  const {lens} = useStores()
  const region = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const leave = lens.subscribe((now, was) => {
      if (now.feature === was.feature && now.layer === was.layer) return
      clearTimeout(timer)
      const column = readColumn(now)
      const {layer: row} = now
      if (!document.activeElement?.matches('.plane-focus:focus-visible') || row === null || column === null) return
      timer = setTimeout(() => {
        const read = planeReading({axes, map, row, column, ...(words ? {words} : {})})
        if (region.current) region.current.textContent = read.map(({text}) => text).join('')
      }, restMs)
    })
    return () => {
      leave()
      clearTimeout(timer)
    }
  }, [lens, axes, map, words])
  return <p ref={region} className="visually-hidden" aria-live="polite" />
}
