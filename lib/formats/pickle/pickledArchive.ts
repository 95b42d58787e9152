import type {FileValue, Finding, TensorArchive} from '../archive'
import {lazyArchive} from '../lazyArchive'
import type {ByteSource} from '../source'
import type {TensorTable} from '../tensorTable'
import type {PickleAccount} from './pickleAccount'
import {nameTensors} from './tensorNames'

const mostNames = 100

/**
 * The archive that a checkpoint's pickle amounts to: named tensors, the structure around them, and what is foreign in
 * it.
 */
export function pickledArchive(
  format: string,
  source: ByteSource,
  contents: FileValue,
  table: TensorTable,
  account: PickleAccount
): TensorArchive {
  const {entries, findings} = nameTensors(contents, table)
  const named = account.named()
  const listing = {format, source, tensors: table.tensors, entries, contents, named}
  return lazyArchive({...listing, findings: [...foreign(account.inert()), ...findings]})
}

function foreign(unknown: readonly string[]): Finding[] {
  const listed = unknown.slice(0, mostNames)
  const findings: Finding[] = listed.map((name) => ({
    kind: 'global',
    text: `${name}: named by the file and not known here; kept as a record, never run`
  }))
  const rest = unknown.length - listed.length
  return rest > 0 ? [...findings, {kind: 'global', text: `${rest} more such names`}] : findings
}
