/** A request that is not served: its status, and one sentence for whoever asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** On every answer: it is data. Opened as if it were a page, it can do nothing. */
export const asData = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox"
}

/** JSON that nobody keeps or takes for something else. */
export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(body, {
    status,
    headers: {'cache-control': 'no-store', ...asData, ...headers}
  })
}

/** What `work` answers, or the refusal it throws as JSON `{error}`. Logs hold the kind of a failure and no content. */
export async function answered(what: string, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) return jsonAnswer(error.status, {error: error.message}, error.headers)
    console.error(`explanations: ${what} failed: ${kindOf(error)}`)
    return jsonAnswer(503, {error: 'The store did not answer; try again later'}, {'retry-after': '5'})
  }
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const code = (error as NodeJS.ErrnoException).code
  return code ? `${error.name} ${code}` : error.name
}
