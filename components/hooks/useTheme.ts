'use client'

import {useSyncExternalStore} from 'react'
import type {Theme} from '@/lib/core/colour'

/** The theme that is on: what the document says, whoever put it there. */
export function useTheme(): Theme {
  return useSyncExternalStore(watch, current, () => 'light')
}

const current = (): Theme => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light')

function watch(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, {attributeFilter: ['data-theme']})
  return () => observer.disconnect()
}
