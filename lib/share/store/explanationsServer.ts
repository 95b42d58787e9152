import {ReaderError} from '@/lib/core/errors'
import {type Explanations, explanations} from './explanations'
import {limitsFrom} from './limits'
import {openStore} from './openStore'
import {givenOrigin} from './origin'
import {answered} from './refusal'
import {checkWhole} from './wholeRecord'

const sweepMs = 3_600_000

async function open(): Promise<Explanations> {
  const store = await openStore()
  const origin = givenOrigin(process.env)
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
