import {randomBytes, randomInt} from 'node:crypto'
import {writeSync} from 'node:fs'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {explanations} from '@/lib/share/store/explanations'
import {openStore} from '@/lib/share/store/openStore'
import type {Store} from '@/lib/share/store/store'

// A process that posts explanations to the store in DENSITY_LENS_STORE until it is killed, several at once, and tells
// of each that was acknowledged: its id and length on a line of standard output.

const limits = {
  maxBytes: 8 << 20,
  quotaBytes: 1e12,
  quotaCount: 1e9,
  expiresMs: 3_600_000,
  writesPerMinute: 1e9,
  readsPerMinute: 1e9,
  proxies: 0
}
const atOnce = 3

// What a store must not do: it answers first and writes afterwards. The harness has to notice.
const hasty = (folder: string): Store => ({
  name: 'hasty',
  async put(id, bytes) {
    setTimeout(() => void writeFile(join(folder, id), bytes), 100)
    return 'created'
  },
  get: async () => 'absent',
  delete: async () => false,
  list: async () => ({entries: [], cursor: null}),
  close: async () => {}
})

async function main() {
  const tooHasty = process.env.HASTY_STORE
  const store = tooHasty ? hasty(tooHasty) : await openStore()
  const {post} = explanations({store, validate: () => {}, limits, origin: 'http://localhost'})

  async function write() {
    for (;;) {
      const body = randomBytes(randomInt(10) === 0 ? randomInt(1_000_000, 2_000_000) : randomInt(1, 60_000))
      const headers = {'content-type': 'application/octet-stream'}
      const response = await post(new Request('http://localhost', {method: 'POST', headers, body}))
      if (response.status !== 201) throw new Error(`a post was answered with ${response.status}`)
      const {id} = await response.json()
      writeSync(1, `${id} ${body.length}\n`)
    }
  }

  writeSync(1, 'ready\n')
  await Promise.all(Array.from({length: atOnce}, write))
}

// Not awaited here: the adapters' chunks import from this one, and would wait for it while it waits for them.
void main()
