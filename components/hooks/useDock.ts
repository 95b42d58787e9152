'use client'

import {type RefObject, useEffect} from 'react'

/** Keeps the height of an element in px in a property of the page while it is docked, so that the page leaves it room. */
export function useDock(element: RefObject<HTMLElement | null>, property: `--dock-${string}`): void {
  useEffect(() => {
    const docked = element.current
    if (docked === null) return
    const {style} = docked.ownerDocument.documentElement
    let frame = 0
    const measure = () => {
      if (getComputedStyle(docked).position === 'fixed') style.setProperty(property, `${docked.offsetHeight}px`)
      else style.removeProperty(property)
    }
    // Room changes sizes that others observe, so it comes with the next frame.
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(measure)
    })
    // With its padding: a dock is as wide as the page, and what is in it stays as it was.
    observer.observe(docked, {box: 'border-box'})
    return () => {
      observer.disconnect()
      cancelAnimationFrame(frame)
      style.removeProperty(property)
    }
  }, [element, property])
}
