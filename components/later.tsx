'use client'

import {type ComponentType, useEffect, useState} from 'react'

/** A component whose script comes when it is first shown, or before, when `load` is called. */
export type Later<P> = ComponentType<P> & {readonly load: () => Promise<void>}

/**
 * Keeps a component's script out of what the first picture waits for. Until it is there `meanwhile` or nothing is
 * shown; when it cannot be had, `otherwise` or nothing. Asked for again the next time it is shown.
 */
export function later<P extends object>(
  importing: () => Promise<ComponentType<P>>,
  otherwise: ComponentType<P> | null = null,
  meanwhile: ComponentType<P> | null = null
): Later<P> {
  let loaded: ComponentType<P> | null = null
  const load = async () => {
    loaded ??= await importing()
  }

  function Shown(props: P) {
    const [, again] = useState(0)
    const [missing, setMissing] = useState(false)
    useEffect(() => {
      if (loaded) return
      let left = false
      // What is being drawn goes first.
      const stop = whenIdle(() => {
        load()
          .then(() => left || again((count) => count + 1))
          .catch(() => left || setMissing(true))
      })
      return () => {
        left = true
        stop()
      }
    }, [])
    const Component = loaded ?? (missing ? otherwise : meanwhile)
    return Component && <Component {...props} />
  }

  return Object.assign(Shown, {load})
}

/** Calls back when the page has nothing to draw, within half a second; returns the way to call it off. */
export function whenIdle(work: () => void): () => void {
  // Not in every browser.
  if (!('requestIdleCallback' in globalThis)) {
    const timer = setTimeout(work, 100)
    return () => clearTimeout(timer)
  }
  const idle = requestIdleCallback(work, {timeout: 500})
  return () => cancelIdleCallback(idle)
}
