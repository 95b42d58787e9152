import {createHash} from 'node:crypto'
import {contentId} from '@/lib/share/store/contentId'
import {hashToken} from '@/lib/share/store/deleteToken'
import {openStore} from '@/lib/share/store/openStore'

// A process that puts contents 0 … 39 into the store of DENSITY_LENS_STORE, in an order of its own, and prints as JSON
// which it created. The time argument, in milliseconds since 1970, is when it starts.

const [name = '', start = '0'] = process.argv.slice(2)
const contents = Array.from({length: 40}, (_, i) => Buffer.alloc(2000, `content ${i}`))
const order = (i: number) => createHash('sha256').update(`${name} ${i}`).digest('hex')

async function main() {
  const store = await openStore()
  await new Promise((resolve) => setTimeout(resolve, Number(start) - Date.now()))
  const created: number[] = []
  const mine = contents.map((_, i) => i).sort((a, b) => (order(a) < order(b) ? -1 : 1))
  for (const i of mine) {
    const bytes = contents[i]!
    const keep = {tokenHash: hashToken(name), expires: Date.now() + 3_600_000}
    if ((await store.put(contentId(bytes), bytes, keep)) === 'created') created.push(i)
    // Whoever comes second finds it whole at once.
    if (typeof (await store.get(contentId(bytes))) === 'string')
      throw new Error(`content ${i} was put and is not there`)
  }
  console.log(JSON.stringify(created))
  await store.close()
}

void main()
