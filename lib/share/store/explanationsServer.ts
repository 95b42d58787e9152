import {ReaderError} from '@/lib/core/errors'
import {type Explanations, explanations, type Limits} from './explanations'
import {openStore} from './openStore'
import {answered} from './refusal'
import {checkWhole} from './wholeRecord'

type Environment = Readonly<Record<string, string | undefined>>

const day = 86_400_000
const sweepMs = 3_600_000

/** The limits that the environment sets, or their defaults. Throws ReaderError when one is not a number above 0. */
export function limitsFrom(environment: Environment): Limits {
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
    proxies: read('DENSITY_LENS_PROXIES', 0)
  }
}

async function open(): Promise<Explanations> {
  const store = await openStore()
  const origin = process.env.DENSITY_LENS_ORIGIN?.replace(/\/+$/, '') || null
  const served = explanations({store, validate: checkWhole, limits: limitsFrom(process.env), origin})
  // What has expired goes even when nobody asks for it.
  setInterval(() => served.quota.count().catch(() => {}), sweepMs).unref()
  return served
}

// One for the process: each route is a bundle of its own, and the limits must count all of them.
const key = Symbol.for('density-lens.explanations')
const shared = globalThis as {[key]?: Promise<Explanations> | undefined}

/** The process's stored explanations, opened at the first call; a store that cannot be opened is tried again. */
export function explanationsServer(): Promise<Explanations> {
  shared[key] ??= open().catch((error) => {
    shared[key] = undefined
    // What is wrong with the settings, for whoever runs the server; they hold no content.
    if (error instanceof ReaderError) console.error(`explanations: ${error.message}`)
    throw error
  })
  return shared[key]
}

/** Answers one request from the process's stored explanations, with JSON `{error}` when they cannot be opened, too. */
export function serve(what: string, use: (explanations: Explanations) => Promise<Response>): Promise<Response> {
  return answered(what, async () => use(await explanationsServer()))
}
