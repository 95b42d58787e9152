import {useEffect, useRef, useState} from 'react'
import {useLens, useStores} from '@/components/stores'
import {CancelledError} from '@/lib/core/errors'
import type {Openable, Progress, SlicePart, SliceRequest, TensorSlice} from '@/lib/engine/protocol'
import {nearEnough, partAround, worthReading} from '@/lib/views/tensorMap'

/** How long a view must rest before its part of a large slice is read anew, ms. */
const restMs = 150
/** Reading that takes longer can be cancelled, ms. */
const slowMs = 300

export interface SliceInHand {
  readonly found: TensorSlice | null
  /** The part in view, read once more where the slice came reduced; null until it is there. */
  readonly detail: TensorSlice | null
  readonly progress: Pick<Progress, 'done' | 'total'> | null
  readonly failure: string | null
  readonly cancel: () => void
}

/** Reads a slice of a tensor once it is wanted, and again, nearer, what the reader zooms to. */
export function useSlice(file: Openable, name: string, asked: SliceRequest, wanted: boolean): SliceInHand {
  const {session} = useStores()
  const {slice} = session.getState().looks
  const view = useLens(({sliceView}) => sliceView)
  const [found, setFound] = useState<TensorSlice | null>(null)
  const [detail, setDetail] = useState<TensorSlice | null>(null)
  const [progress, setProgress] = useState<SliceInHand['progress']>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const step = useRef<AbortController | null>(null)

  const [read] = useState(() => (request: () => Promise<void>, controller: AbortController) => {
    step.current?.abort()
    step.current = controller
    setFailure(null)
    const slow = setTimeout(() => setProgress({done: 0, total: 1}), slowMs)
    request()
      .catch((error: Error) => {
        if (!(error instanceof CancelledError)) setFailure(error.message)
      })
      .finally(() => {
        clearTimeout(slow)
        if (step.current === controller) setProgress(null)
      })
  })

  useEffect(() => {
    if (!wanted) return
    const controller = new AbortController()
    const options = {signal: controller.signal, onProgress: setProgress}
    read(async () => {
      setFound(await slice(file, name, asked, options))
      setDetail(null)
    }, controller)
    return () => controller.abort()
  }, [slice, file, name, asked, wanted, read])

  useEffect(() => {
    if (!found || (view.cols === null && view.rows === null)) return
    const part: SlicePart = partAround(found, view)
    if (!worthReading(found, part) || (detail && nearEnough(detail, part, view))) return
    const controller = new AbortController()
    const options = {signal: controller.signal, onProgress: setProgress}
    const timer = setTimeout(
      () => read(async () => setDetail(await slice(file, name, {...asked, part}, options)), controller),
      restMs
    )
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [slice, file, name, asked, found, view, detail, read])

  return {found, detail, progress, failure, cancel: () => step.current?.abort()}
}
