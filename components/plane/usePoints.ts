'use client'

import {useEffect, useState} from 'react'
import {readColumn} from '@/components/plane/planeShown'
import {useSession, useStores} from '@/components/stores'
import {capital} from '@/lib/explain/words'
import type {SamplingPoints} from '@/lib/models/family'
import type {PlaneAxes} from '@/lib/views/plane'
import {placesOf} from '@/lib/views/planeCells'
import {type SampledDensity, sampledDensity, stageOf} from '@/lib/views/planePoints'

/** Attention, the points of the pointed-at place, or all points of its stage. */
export type Looks = 'attention' | 'points' | 'stage'

export interface Points {
  readonly points: SamplingPoints | null
  readonly sampled: {readonly title: string; readonly density: SampledDensity} | null
  /** Whether the model samples points, and is here to say where. */
  readonly can: boolean
}

/** The pointer rests this long before the engine is asked, ms. */
const restMs = 90

/** Where the pointed-at place of the selected input samples; follows the lens while that is wanted. */
export function usePoints(axes: PlaneAxes, sample: number | null, looks: Looks): Points {
  const {lens, session} = useStores()
  const can = useSession(
    ({files, explanation}) => files !== null && explanation?.model.family === 'deformable-audio' && sample !== null
  )
  const [found, setFound] = useState<Omit<Points, 'can'>>(nothing)
  useEffect(() => {
    if (!can || looks === 'attention' || sample === null) return setFound(nothing)
    let left = false
    let timer: ReturnType<typeof setTimeout> | undefined
    let asked = ''
    const ask = async (row: number, column: number) => {
      const {engineHolds, samplingPoints} = session.getState()
      const answer = await engineHolds()
        .then((holds): Promise<Omit<Points, 'can'>> | Omit<Points, 'can'> =>
          !holds
            ? nothing
            : looks === 'points'
              ? samplingPoints(sample, row, column).then((points) => ({points, sampled: null}))
              : stagePoints(axes, row, (block) => samplingPoints(sample, block, 0))
        )
        .catch(() => nothing)
      if (!left && asked === keyOf(row, column)) setFound(answer)
    }
    const keyOf = (row: number, column: number) =>
      looks === 'stage' ? String(stageOf(axes.rowLabels?.[row])) : `${row} ${column}`
    const follow = () => {
      const state = lens.getState()
      const row = state.layer ?? state.pinned
      const column = readColumn(state)
      if (row === null || (looks === 'points' && (column === null || column >= placesOf(axes.plane)))) return
      const key = keyOf(row, column ?? 0)
      if (key === asked) return
      asked = key
      clearTimeout(timer)
      timer = setTimeout(() => void ask(row, column ?? 0), restMs)
    }
    follow()
    const leave = lens.subscribe(follow)
    return () => {
      left = true
      clearTimeout(timer)
      leave()
    }
  }, [axes, sample, looks, can, lens, session])
  return {...found, can}
}

const nothing: Omit<Points, 'can'> = {points: null, sampled: null}

async function stagePoints(
  {plane, rows, rowLabels}: PlaneAxes,
  row: number,
  pointsOf: (block: number) => Promise<SamplingPoints | null>
): Promise<Omit<Points, 'can'>> {
  const stage = stageOf(rowLabels?.[row])
  const blocks = Array.from({length: rows}, (_, i) => i).filter((i) => stageOf(rowLabels?.[i]) === stage)
  const found: SamplingPoints[] = []
  for (const block of blocks) {
    const points = await pointsOf(block)
    if (points) found.push(points)
  }
  const density = sampledDensity(plane, found)
  return {points: null, sampled: density && {title: `${capital(stage ?? 'all blocks')}, all points`, density}}
}
