'use client'

import {useEffect, useRef} from 'react'
import {shownExplanation, useSession, useStores} from '@/components/stores'
import {useStandIn} from '@/components/whatIf/standIn'
import type {Explanation} from '@/lib/explain/explanation'
import {spoken} from '@/lib/explain/reading'
import type {LensStore} from '@/lib/state/lens'
import {lineReading} from '@/lib/views/lineReading'
import {shownRows} from '@/lib/views/shownRows'

/** Says the reading of a row that was reached by keyboard; a pointer's travels are not announced. */
export function SpokenReading() {
  const {lens} = useStores()
  const whole = useSession(shownExplanation)
  const explanation = useStandIn() ?? whole
  const region = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (explanation) return sayAlong(region.current!, explanation, lens)
  }, [explanation, lens])
  return <p ref={region} className="visually-hidden" aria-live="polite" />
}

/** Long enough for a held arrow key to come to rest. */
const restMs = 250

function sayAlong(region: HTMLElement, explanation: Explanation, lens: LensStore): () => void {
  let byKeyboard = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const fromKeyboard = () => {
    byKeyboard = true
  }
  const fromPointer = () => {
    byKeyboard = false
  }
  const leave = lens.subscribe((now, was) => {
    const layer = now.layer ?? now.pinned
    if (!byKeyboard || layer === null || (now.layer === was.layer && now.pinned === was.pinned)) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      const pinned = now.pinned === layer ? ' Pinned.' : ''
      const {title, row, sentences} = lineReading(shownRows(explanation, now.rowWindow), layer)
      region.textContent = spoken(explanation, row, title, sentences) + pinned
    }, restMs)
  })
  addEventListener('keydown', fromKeyboard, true)
  addEventListener('pointermove', fromPointer, true)
  addEventListener('pointerdown', fromPointer, true)
  return () => {
    leave()
    clearTimeout(timer)
    removeEventListener('keydown', fromKeyboard, true)
    removeEventListener('pointermove', fromPointer, true)
    removeEventListener('pointerdown', fromPointer, true)
  }
}
