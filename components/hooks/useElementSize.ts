'use client'

import {type RefObject, useEffect, useState} from 'react'

export interface ElementSize {
  readonly width: number
  readonly height: number
}

/** The content size of an element in px, whole numbers; null before it is first laid out. */
export function useElementSize(element: RefObject<HTMLElement | null>): ElementSize | null {
  const [size, setSize] = useState<ElementSize | null>(null)
  useEffect(() => {
    const observed = element.current
    if (observed === null) return
    const observer = new ResizeObserver(() => {
      const now = {width: observed.clientWidth, height: observed.clientHeight}
      setSize((was) => (was?.width === now.width && was.height === now.height ? was : now))
    })
    observer.observe(observed)
    return () => observer.disconnect()
  }, [element])
  return size
}
