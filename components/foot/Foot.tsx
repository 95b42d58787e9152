'use client'

import {useCallback} from 'react'
import {Checkpoint} from '@/components/foot/Checkpoint'
import {Inputs} from '@/components/foot/Inputs'
import {Prediction} from '@/components/foot/Prediction'
import {Reading} from '@/components/foot/Reading'
import {isTrying, useLive, useLiveStore} from '@/components/live/LiveContext'
import {TryIt} from '@/components/live/TryIt'
import type {Explanation} from '@/lib/explain/explanation'

export interface FootProps {
  explanation: Explanation
  /** The same as one live input gives it, while one is shown. */
  one?: Explanation | null
  /** False while the numbers are still running means. */
  settled: boolean
}

/** Under the figure, hung on its columns: the pointed-at row in words, the file, the inputs, the prediction. */
export function Foot({explanation, one = null, settled}: FootProps) {
  const live = useLiveStore()
  const trying = useLive(isTrying)
  const close = useCallback(() => live?.getState().close(), [live])
  return (
    <div className="foot">
      <Reading explanation={one ?? explanation} settled={settled} />
      <Checkpoint explanation={explanation} />
      {trying ? <TryIt onClose={close} /> : <Inputs explanation={explanation} />}
      <Prediction explanation={explanation} settled={settled} />
    </div>
  )
}
