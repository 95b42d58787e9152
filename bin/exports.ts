import type {Explanation} from '@/lib/explain/explanation'
import {exportLabel} from '@/lib/share/exportLabel'
import {exportPage} from '@/lib/share/exportPage'
import {rankingCsv, tablesZip} from '@/lib/share/exportTables'
import {named, namesOf} from '@/lib/share/named'

/** The ranking as CSV; for a path that ends in .zip, every table. Files have names only when asked. */
export async function tablesOf(explanation: Explanation, path: string, names: boolean): Promise<string | Uint8Array> {
  const told = toldOf(explanation, names)
  const label = exportLabel(told, {date: new Date()})
  return /\.zip$/i.test(path) ? tablesZip(told, label) : rankingCsv(told, label)
}

/** One page that shows the figure offline, without single inputs. Throws FormatError when the explanation does not fit. */
export async function pageOf(explanation: Explanation, names: boolean): Promise<string> {
  const {packStandalone} = await import('../scripts/standalone.mjs')
  const told = toldOf(explanation, names)
  const label = exportLabel(told, {date: new Date()})
  return (await exportPage({explanation: told, view: null, without: ['samples']}, label, await packStandalone())).html
}

const toldOf = (explanation: Explanation, names: boolean) => named(explanation, names ? namesOf(explanation) : null)
