'use client'

import {useComing} from '@/components/BesideProvider'
import {useStream, useStreamStore} from '@/components/live/StreamContext'
import {turnPlot} from '@/components/live/turnPlot'
import type {LiveStreamStore} from '@/lib/state/liveStream'

/** The bar's way to the live plot. */
export function PlotButton() {
  const stream = useStreamStore()
  const coming = useComing()
  if (stream) return <Turn stream={stream} />
  return (
    coming && <PlotIcon shown={false} onClick={() => void coming().then((made) => turnPlot(made.stream), ignore)} />
  )
}

// Without its script the button does nothing yet, and does when it is pressed again.
const ignore = () => {}

function Turn({stream}: {stream: LiveStreamStore}) {
  const shown = useStream(stream, ({shown}) => shown)
  return <PlotIcon shown={shown} onClick={() => turnPlot(stream)} />
}

function PlotIcon({shown, onClick}: {shown: boolean; onClick: () => void}) {
  return (
    <button
      type="button"
      className="bar-icon"
      aria-label="Live plot"
      aria-pressed={shown}
      title="Live plot (L)"
      onClick={onClick}
    >
      <svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">
        <path d="M2 15.5V2.5M2 15.5H16.5" fill="none" stroke="currentColor" strokeWidth="1.2" />
        <path d="M4 11l3-4 3 3 2-5.5 4 4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
      </svg>
    </button>
  )
}
