'use client'

import {useEffect, useState} from 'react'
import {useSession, useStores} from '@/components/stores'
import type {Grid} from '@/lib/core/grid'

/** One input's own map; null until it has come, and where there is nothing to draw it with. */
export function useOwnMap(sample: number | null): Grid | null {
  const {session} = useStores()
  const explanation = useSession(({explanation}) => explanation)
  const files = useSession(({files}) => files)
  const [known, setKnown] = useState<{readonly of: unknown; readonly sample: number; readonly map: Grid} | null>(null)
  useEffect(() => {
    if (sample === null || files === null) return
    let left = false
    const {engineHolds, sampleMapOf} = session.getState()
    engineHolds()
      .then((holds) => (holds ? sampleMapOf(sample) : null))
      .then(
        (map) => map && !left && setKnown({of: explanation, sample, map}),
        // An input that was left out has no map; the mean says what there is to say.
        () => {}
      )
    return () => {
      left = true
    }
  }, [session, explanation, files, sample])
  return known && known.sample === sample && known.of === explanation && fits(known.map, explanation?.density ?? null)
    ? known.map
    : null
}

const fits = (map: Grid, mean: Grid | null): boolean =>
  mean !== null && map.rows === mean.rows && map.cols === mean.cols
