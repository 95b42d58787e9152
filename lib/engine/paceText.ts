import {count, fixed, plural} from '@/lib/core/number'
import type {Progress} from './protocol'

/** "220 inputs per second, about 17 seconds left"; null before the rate is known. */
export function paceText({unit, perSecond, secondsLeft}: Omit<Progress, 'partial'>): string | null {
  if (perSecond === undefined) return null
  const rate = rateText(perSecond, unit)
  return secondsLeft === undefined ? rate : `${rate}, about ${durationText(secondsLeft)} left`
}

function rateText(perSecond: number, unit: Progress['unit']): string {
  if (perSecond >= 10) return `${count(perSecond)} ${unit} per second`
  if (perSecond >= 0.95) return `${fixed(perSecond, 1)} ${unit} per second`
  const seconds = 1 / perSecond
  return `${seconds < 10 ? fixed(seconds, 1) : count(seconds)} seconds per ${unit.slice(0, -1)}`
}

/** 17.2 → `17 seconds`, 300 → `5 minutes`, 9,000 → `2.5 hours`. */
function durationText(seconds: number): string {
  if (seconds < 90) return plural(Math.max(1, Math.round(seconds)), 'second')
  if (seconds < 90 * 60) return plural(Math.round(seconds / 60), 'minute')
  return `${fixed(seconds / 3600, 1)} hours`
}
