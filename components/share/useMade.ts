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

/** The record, made anew whenever what it holds changes; null while there is nothing to make yet. */
export function useMade(shareable: Shareable | null, way: Way): Made {
  const [state, setState] = useState<Made>({kind: 'making'})
  useEffect(() => {
    if (!shareable) return setState({kind: 'making'})
    let left = false
    const making: Promise<Fitted | HashLink> =
      way === 'link' ? hashLink(shareable) : fitRecord(shareable, mostRecordBytes)
    making.then(
      (fitted) => {
        const address = 'hash' in fitted ? `${location.origin}/${fitted.hash}` : null
        if (!left) setState({kind: 'made', fitted, address})
      },
      (error: Error) => left || setState({kind: 'failed', why: error.message})
    )
    return () => {
      left = true
    }
  }, [shareable, way])
  return state
}
