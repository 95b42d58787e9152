import type {Explanation} from '@/lib/explain/explanation'
import {mostRecordBytes} from '@/lib/share/container'
import {htmlFile, type Standalone} from '@/lib/share/exportHtml'
import {type Fitted, fitRecord, type Shareable} from '@/lib/share/fitRecord'
import {type PageInput, pageInputBytes} from '@/lib/share/pageInputs'
import {visible} from '@/lib/share/visible'
import type {ExportLabel} from '@/lib/views/exportSheet'

/**
 * The whole explanation as one page, with the single inputs that may be looked at in it, and what it had no room for.
 * Throws FormatError when not even the ranking fits.
 */
export async function exportPage(
  shareable: Shareable & {readonly explanation: Explanation},
  label: ExportLabel,
  standalone: Standalone,
  inputs: readonly PageInput[] = []
): Promise<{readonly html: string} & Pick<Fitted, 'dropped'>> {
  const {bytes, dropped} = await fitRecord(shareable, mostRecordBytes)
  const html = await htmlFile({
    explanation: visible(shareable.explanation),
    record: bytes,
    inputs: inputs.length > 0 ? pageInputBytes(inputs) : null,
    points: inputs.some(({points}) => points.length > 0),
    label,
    standalone
  })
  return {html, dropped}
}
