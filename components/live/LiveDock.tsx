'use client'

import {useEffect} from 'react'
import {later} from '@/components/later'
import {useStream, useStreamStore} from '@/components/live/StreamContext'
import {turnPlot} from '@/components/live/turnPlot'
import type {LiveStreamStore} from '@/lib/state/liveStream'

const LivePlot = later(async () => (await import('@/components/live/LivePlot')).LivePlot)

/** Fetches the plot's script. */
export const loadLivePlot = LivePlot.load

/**
 * The place of the live plot, below the foot. It lies past the fold of a small window, so that the figure keeps its
 * height and the caveat its place; the foot, where inputs are made, is right above it.
 */
export function LiveDock() {
  const stream = useStreamStore()
  return stream && <Dock stream={stream} />
}

function Dock({stream}: {stream: LiveStreamStore}) {
  const shown = useStream(stream, ({shown}) => shown)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key.toLowerCase() !== 'l' || !isFree(event.target)) return
      event.preventDefault()
      turnPlot(stream)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [stream])
  return (
    <div className="live-dock" hidden={!shown}>
      {shown && <LivePlot stream={stream} />}
    </div>
  )
}

// A bare key is nobody's else only while the page, the figure or the plot has the focus.
function isFree(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open], :popover-open')) return false
  return target === document.body || (target instanceof Element && target.matches('.figure, .plot-picture'))
}
