import type {Explanation} from '@/lib/explain/explanation'
import {mostRecordBytes} from '@/lib/share/container'
import {htmlFile, type Standalone} from '@/lib/share/exportHtml'
import {type Fitted, fitRecord, type Shareable} from '@/lib/share/fitRecord'
import {visible} from '@/lib/share/visible'
import type {ExportLabel} from '@/lib/views/exportSheet'

/** The whole explanation as one page, and what it had no room for. Throws FormatError when not even the ranking fits. */
export async function exportPage(
  shareable: Shareable & {readonly explanation: Explanation},
  label: ExportLabel,
  standalone: Standalone
): Promise<{readonly html: string} & Pick<Fitted, 'dropped'>> {
  const {bytes, dropped} = await fitRecord(shareable, mostRecordBytes)
  const html = await htmlFile({explanation: visible(shareable.explanation), record: bytes, label, standalone})
  return {html, dropped}
}
