'use client'

import {useEffect, useState} from 'react'
import {mostRecordBytes} from '@/lib/share/container'
import {type Fitted, fitRecord, type Shareable} from '@/lib/share/fitRecord'
import {type HashLink, hashLink} from '@/lib/share/link'

/** A link holds what fits into an address; a store or a file holds every digit. */
export type Way = 'link' | 'store'

export type Made =
  | {readonly kind: 'making'}
  | {readonly kind: 'made'; readonly fitted: Fitted; readonly address: string | null}
  | {readonly kind: 'failed'; readonly why: string}

const making: Made = {kind: 'making'}

/** The record, made anew whenever what it holds changes; null while there is nothing to make yet. */
export function useMade(shareable: Shareable | null, way: Way): Made {
  const [state, setState] = useState<{readonly of: Shareable; readonly way: Way; readonly made: Made} | null>(null)
  useEffect(() => {
    if (!shareable) return
    let left = false
    const settle = (made: Made) => left || setState({of: shareable, way, made})
    const work: Promise<Fitted | HashLink> =
      way === 'link' ? hashLink(shareable) : fitRecord(shareable, mostRecordBytes)
    work.then(
      (fitted) => {
        const address = 'hash' in fitted ? `${location.origin}/${fitted.hash}` : null
        settle({kind: 'made', fitted, address})
      },
      (error: Error) => settle({kind: 'failed', why: error.message})
    )
    return () => {
      left = true
    }
  }, [shareable, way])
  // What was made of other choices must not leave by mistake.
  return state && state.of === shareable && state.way === way ? state.made : making
}
