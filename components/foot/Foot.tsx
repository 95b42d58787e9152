'use client'

import {Checkpoint} from '@/components/foot/Checkpoint'
import {Inputs} from '@/components/foot/Inputs'
import {Prediction} from '@/components/foot/Prediction'
import {Reading} from '@/components/foot/Reading'
import type {Explanation} from '@/lib/explain/explanation'

/**
 * Under the figure, hung on its columns: the pointed-at row in words, the file, the inputs, the prediction.
 * `settled` is false while the numbers are still running means.
 */
export function Foot({explanation, settled}: {explanation: Explanation; settled: boolean}) {
  return (
    <div className="foot">
      <Reading explanation={explanation} settled={settled} />
      <Checkpoint explanation={explanation} />
      <Inputs explanation={explanation} />
      <Prediction explanation={explanation} settled={settled} />
    </div>
  )
}
