import {joinedBytes} from '@/lib/formats/joinedBytes'
import {Refusal} from './refusal'

interface BodyLimits {
  /** Most bytes of one body. */
  readonly maxBytes: number
  /** Most bytes of all bodies that are being read at once. */
  readonly maxHeld: number
  /** Longest time that one body may take, in milliseconds. */
  readonly patienceMs: number
}

/** Reads bodies as they come and stops at the first byte too many. `held` is shared by all that are under way. */
export function bodyReader({maxBytes, maxHeld, patienceMs}: BodyLimits) {
  let held = 0

  return async function read<T>(request: Request, use: (bytes: Uint8Array) => Promise<T>): Promise<T> {
    const declared = Number(request.headers.get('content-length') ?? 0)
    if (declared > maxBytes) throw tooLarge(maxBytes, `${declared}`)
    let own = 0
    const chunks: Uint8Array[] = []
    const take = (chunk: Uint8Array) => {
      own += chunk.length
      held += chunk.length
      if (own > maxBytes) throw tooLarge(maxBytes, `more than ${maxBytes}`)
      if (held > maxHeld) throw new Refusal(503, 'Too many uploads at once; try again soon', {'retry-after': '2'})
      chunks.push(chunk)
    }
    try {
      await drain(request.body, take, patienceMs)
      return await use(joinedBytes(chunks))
    } finally {
      held -= own
    }
  }
}

async function drain(body: ReadableStream<Uint8Array> | null, take: (chunk: Uint8Array) => void, patienceMs: number) {
  if (!body) return
  const reader = body.getReader()
  let late = false
  const timer = setTimeout(() => {
    late = true
    reader.cancel().catch(() => {})
  }, patienceMs)
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) take(step.value)
  } catch (error) {
    reader.cancel().catch(() => {})
    throw error instanceof Refusal ? error : new Refusal(400, 'The body ended before it was whole')
  } finally {
    clearTimeout(timer)
  }
  if (late) throw new Refusal(408, `The body was not whole after ${patienceMs / 1000} s`)
}

function tooLarge(maxBytes: number, found: string): Refusal {
  return new Refusal(413, `The explanation has ${found} bytes; at most ${maxBytes} are kept`)
}
