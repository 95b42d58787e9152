'use client'

import {useEffect, useMemo, useState} from 'react'
import {useLive, useLiveStore} from '@/components/live/LiveContext'
import type {RowPoints} from '@/components/plane/planeShown'
import {useWish} from '@/components/plane/useWish'
import {useSession, useStores} from '@/components/stores'
import type {LivePoints} from '@/lib/engine/protocol'
import type {SamplingPoints} from '@/lib/models/family'
import type {PointsWish} from '@/lib/state/live'
import type {PlaneAxes} from '@/lib/views/plane'
import type {Looks} from '@/lib/views/planeLooks'
import {type StageDensity, stageDensity} from '@/lib/views/planePoints'

export interface Points {
  readonly points: RowPoints | null
  /** The row that is pointed at samples none. */
  readonly none: boolean
  readonly sampled: StageDensity | null
  /** Whether the model samples points, and is here to say where. */
  readonly can: boolean
}

interface Found {
  readonly wish: PointsWish
  readonly found: LivePoints
}

/** Where the pointed-at place of the shown input samples: of what is read live, else of the selected input. */
export function usePoints(
  axes: PlaneAxes,
  sample: number | null,
  {looks, first}: {readonly looks: Looks; readonly first: number}
): Points {
  const isLive = useLive(({current}) => current !== null) ?? false
  const runs = useSession(({files, explanation}) => files !== null && explanation?.model.family === 'deformable-audio')
  const can = runs && (isLive || sample !== null)
  const wish = useWish(axes, can ? looks : 'attention', first)
  const live = useLivePoints(isLive ? wish : null)
  const shipped = usePointsOf(isLive ? null : sample, wish)
  const found = isLive ? live : shipped
  // Those of the place before stay until the next are known; another row's or another input's would say what is not so.
  const shown = found && wish && found.wish.rows.join() === wish.rows.join() ? found : null
  const sampled = useMemo(() => (shown && looks === 'stage' ? sampledOf(axes, shown) : null), [axes, shown, looks])
  const points = useMemo(() => (shown && looks === 'points' ? pointsOf(shown) : null), [shown, looks])
  return {points, none: looks === 'points' && shown?.found[0] === null, sampled, can}
}

/** What comes with each live reading while it is wished for. */
function useLivePoints(wish: PointsWish | null): Found | null {
  const live = useLiveStore()
  useEffect(() => live?.getState().wishPoints(wish), [live, wish])
  useEffect(() => () => live?.getState().wishPoints(null), [live])
  return useLive(({points}) => points)
}

function usePointsOf(sample: number | null, wish: PointsWish | null): Found | null {
  const {session} = useStores()
  const explanation = useSession(({explanation}) => explanation)
  const [known, setKnown] = useState<(Found & {readonly sample: number; readonly of: unknown}) | null>(null)
  useEffect(() => {
    if (sample === null || !wish) return
    let left = false
    const ask = async () => {
      const {engineHolds, samplingPoints} = session.getState()
      if (!(await engineHolds())) return
      const found: (SamplingPoints | null)[] = []
      for (const row of wish.rows) {
        if (left) return
        found.push(await samplingPoints(sample, row, wish.column))
      }
      if (!left) setKnown({sample, of: explanation, wish, found})
    }
    // Where they cannot be told, attention is still shown.
    ask().catch(() => {})
    return () => {
      left = true
    }
  }, [session, explanation, sample, wish])
  return known && known.sample === sample && known.of === explanation ? known : null
}

const pointsOf = ({wish, found: [found]}: Found): RowPoints | null => (found ? {row: wish.rows[0]!, found} : null)

const sampledOf = (axes: PlaneAxes, {wish, found}: Found): StageDensity | null =>
  stageDensity(
    axes,
    wish.rows[0]!,
    found.filter((points) => points !== null)
  )
