import {readFileSync} from 'node:fs'
import type {APIRequestContext, Page} from '@playwright/test'
import {decodeExplanation} from '@/lib/explain/json'
import {encodeRecord, wholePlan} from '@/lib/share/record'

/** The shipped digits as somebody shared them, the names of what they are computed from replaced. */
export function sharedDigits(texts?: string): Promise<Uint8Array> {
  const digits = decodeExplanation(readFileSync('public/examples/digits/explanation.json', 'utf8'))
  if (texts === undefined) return encodeRecord({explanation: digits, view: null, plan: wholePlan})
  const {axes, model, finding, provenance, samples} = digits
  const explanation = {
    ...digits,
    axes: {...axes!, rowName: texts, colName: texts},
    model: {...model, title: texts, at: texts, unused: [texts], classes: model.classes!.map(() => texts)},
    finding: {...finding, title: texts, caveat: texts, strong: null},
    caveats: [{id: 'geometry' as const, text: texts}],
    samples: samples.map((sample) => ({...sample, name: texts})),
    provenance: {...provenance, checkpoint: {...provenance.checkpoint, name: texts}}
  }
  return encodeRecord({explanation, view: null, plan: wholePlan})
}

/** Stores a record and gives its id. */
export async function stored(request: APIRequestContext, record: Uint8Array): Promise<string> {
  const headers = {'content-type': 'application/octet-stream'}
  const answer = await request.post('/api/explanations', {headers, data: Buffer.from(record)})
  if (!answer.ok()) throw new Error(`not stored: ${answer.status()} ${await answer.text()}`)
  return (await answer.json()).id
}

/** Everything that a page asks for from now on. */
export function requestsOf(page: Page): string[] {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  return asked
}
