'use client'

import {saveFile} from '@/components/saveFile'
import {mostRecordBytes} from '@/lib/share/container'
import {fitRecord, type Shareable} from '@/lib/share/fitRecord'

/** Gives what is shared to the person as a file, with every digit. */
export async function saveRecord(shareable: Shareable): Promise<void> {
  const {bytes} = await fitRecord(shareable, mostRecordBytes)
  saveFile(new Blob([bytes as Uint8Array<ArrayBuffer>], {type: 'application/octet-stream'}), 'explanation.densitylens')
}
