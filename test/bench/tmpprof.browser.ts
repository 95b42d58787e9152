import {it} from 'vitest'
import * as R from './redraw'

it('profiles', async () => {
  const out = await (R as any).profile()
  console.info(JSON.stringify(out, null, 1))
})
