'use client'

import {useEffect, useState} from 'react'
import {readColumn, readRow} from '@/components/plane/planeShown'
import {useStores} from '@/components/stores'
import type {Lens} from '@/lib/state/lens'
import type {PointsWish} from '@/lib/state/live'
import type {PlaneAxes} from '@/lib/views/plane'
import {placesOf} from '@/lib/views/planeCells'
import type {Looks} from '@/lib/views/planeLooks'
import {stageRows} from '@/lib/views/planePoints'

/** The pointer rests this long before the engine is asked, ms. */
const restMs = 90

/** Which points are to be shown, from where the pointer rests; null while none are. `first` is the row that is read at rest. */
export function useWish(axes: PlaneAxes, looks: Looks, first: number): PointsWish | null {
  const {lens} = useStores()
  const [known, setKnown] = useState<Known | null>(null)
  useEffect(() => {
    if (looks === 'attention') return
    let timer: ReturnType<typeof setTimeout> | undefined
    const follow = () => {
      const wish = wishOf(axes, looks, {lens: lens.getState(), first})
      if (!wish) return
      const next = {of: looks, wish}
      clearTimeout(timer)
      timer = setTimeout(() => setKnown((now) => (now && isSame(now, next) ? now : next)), restMs)
    }
    follow()
    const leave = lens.subscribe(follow)
    return () => {
      clearTimeout(timer)
      leave()
    }
  }, [axes, looks, first, lens])
  return known?.of === looks ? known.wish : null
}

interface Known {
  readonly of: Looks
  readonly wish: PointsWish
}

function wishOf(
  axes: PlaneAxes,
  looks: 'points' | 'stage',
  {lens, first}: {readonly lens: Lens; readonly first: number}
): PointsWish | null {
  const row = readRow(lens, first)
  const column = readColumn(lens)
  // A stage's points are those of all of its places, whichever is asked for.
  if (looks === 'stage') return {rows: stageRows(axes, row), column: 0}
  return column === null || column >= placesOf(axes.plane) ? null : {rows: [row], column}
}

const isSame = (a: Known, b: Known) =>
  a.of === b.of && a.wish.column === b.wish.column && a.wish.rows.join() === b.wish.rows.join()
