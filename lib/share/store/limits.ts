import {ReaderError} from '@/lib/core/errors'

type Environment = Readonly<Record<string, string | undefined>>

/** What the server keeps, for how long, and how often it may be asked. */
export interface Limits {
  readonly maxBytes: number
  readonly quotaBytes: number
  readonly quotaCount: number
  readonly expiresMs: number
  /** Posts and deletions a minute and address. */
  readonly writesPerMinute: number
  /** Reads a minute and address. */
  readonly readsPerMinute: number
  /** Reverse proxies of ours in front of the server. */
  readonly proxies: number
}

/** The same, and how often its pages may be asked for. */
export interface SiteLimits extends Limits {
  /** Pages about explanations, their pictures and oEmbed answers a minute and address. */
  readonly pagesPerMinute: number
}

const day = 86_400_000

/** The limits that the environment sets, or their defaults. Throws ReaderError when one is not a number above 0. */
export function limitsFrom(environment: Environment): SiteLimits {
  const read = (name: string, otherwise: number) => {
    const text = environment[name]
    if (!text) return otherwise
    const value = Number(text)
    if (value >= 0 && Number.isFinite(value)) return value
    throw new ReaderError('Not a limit', `${name}: found ${text}; needed a number`)
  }
  return {
    maxBytes: 8 << 20,
    quotaBytes: read('DENSITY_LENS_QUOTA_MB', 10_240) * 2 ** 20,
    quotaCount: read('DENSITY_LENS_QUOTA_COUNT', 100_000),
    expiresMs: read('DENSITY_LENS_EXPIRES_DAYS', 90) * day,
    writesPerMinute: read('DENSITY_LENS_WRITES_PER_MINUTE', 30),
    readsPerMinute: read('DENSITY_LENS_READS_PER_MINUTE', 6000),
    pagesPerMinute: read('DENSITY_LENS_PAGES_PER_MINUTE', 300),
    proxies: read('DENSITY_LENS_PROXIES', 0)
  }
}
