import {expect, it} from 'vitest'
import {decodeRecord, encodeRecord} from '@/lib/share/record'
import {gaussiansPanel} from '@/lib/views/gaussians'
import {frameOf} from '../views/panelFrames'
import {example} from './explanations'

it('a record without Gaussians is drawn without them, and says so', async () => {
  const bytes = await encodeRecord({explanation: example('digits'), view: null, plan: {density: 'u8'}})
  const {explanation} = await decodeRecord(bytes)
  const marks = gaussiansPanel(explanation, frameOf(explanation, 'd'))
  expect(marks.remark).toBe('There are no Gaussians to draw: they did not come along.')
  expect(JSON.stringify(marks, (_, value) => (Number.isNaN(value) ? 'NaN' : value))).not.toContain('NaN')
})
