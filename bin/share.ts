import {mostRecordBytes} from '@/lib/share/container'
import {decodeExplanationFile} from '@/lib/share/explanationFile'
import {fitRecord} from '@/lib/share/fitRecord'
import {isRecord} from '@/lib/share/isRecord'
import {named, namesOf} from '@/lib/share/named'
import {partNames} from '@/lib/share/partNames'
import type {ShareCommand} from './arguments'
import {linkTo, placeName, recordBytes, storeAt} from './records'
import type {Streams} from './streams'

/** The link that holds a record, or what the server that was to store it answers; what had no room is said beside. */
export async function shared({record: path, to, at, names}: ShareCommand, {error}: Streams): Promise<string> {
  const bytes = await recordBytes(path)
  // Read in full before anything leaves: what is damaged is not passed on.
  const read = await decodeExplanationFile(bytes, placeName(path))
  // JSON always names its files; a record says what whoever wrote it wanted said.
  const record = isRecord(bytes)
    ? read
    : {...read, explanation: named(read.explanation, names ? namesOf(read.explanation) : null)}
  if (record.unread.length > 0)
    error(`density-lens: ${placeName(path)} is damaged; ${record.unread.join(', ')} could not be read\n`)
  if (to !== null) {
    const whole =
      record === read && record.unread.length === 0 ? bytes : (await fitRecord(record, mostRecordBytes)).bytes
    return (await storeAt(to, whole)).trim()
  }
  const {link, dropped} = await linkTo(at, record)
  if (dropped.length > 0) {
    const names = dropped.map((part) => partNames[part]).join(', ')
    error(`density-lens: ${names} did not fit into the link and ${dropped.length > 1 ? 'are' : 'is'} left out\n`)
  }
  return link
}
