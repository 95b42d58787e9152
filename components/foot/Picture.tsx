'use client'

import {useEffect, useRef} from 'react'
import {useTheme} from '@/components/hooks/useTheme'
import {drawPicture} from '@/lib/draw/picture'
import type {SamplePictures} from '@/lib/engine/protocol'

/** One input's own small picture; drawn again when the theme changes. */
export function Picture({pictures, index}: {pictures: SamplePictures; index: number}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page's theme
  useEffect(() => drawPicture(canvas.current!, pictures, index), [pictures, index, theme])
  return <canvas ref={canvas} className="picture" />
}
