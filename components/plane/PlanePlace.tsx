'use client'

import {later} from '@/components/later'
import type {Explanation} from '@/lib/explain/explanation'

const PlanePanel = later(async () => (await import('@/components/plane/PlanePanel')).PlanePanel, null, Coming)

/** Fetches the script of the panel. */
export const loadPlane = PlanePanel.load

/** Where attention on the input itself stands, for maps that lie on one; it holds its place from the first picture on. */
export function PlanePlace({explanation}: {explanation: Explanation}) {
  return explanation.axes?.plane && explanation.density ? <PlanePanel explanation={explanation} /> : null
}

function Coming() {
  return <section className="cell plane-panel" aria-hidden="true" />
}
