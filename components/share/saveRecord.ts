'use client'

import {mostRecordBytes} from '@/lib/share/container'
import {fitRecord, type Shareable} from '@/lib/share/fitRecord'

/** Gives what is shared to the person as a file, with every digit. */
export async function saveRecord(shareable: Shareable): Promise<void> {
  const {bytes} = await fitRecord(shareable, mostRecordBytes)
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], {type: 'application/octet-stream'}))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = 'explanation.densitylens'
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
