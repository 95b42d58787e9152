import {ReaderError} from '@/lib/core/errors'
import type {Explanation} from '@/lib/explain/explanation'
import {zipBytes} from '@/lib/formats/zipBytes'
import {csvText} from '@/lib/share/exportCsv'
import {labelLines} from '@/lib/share/exportLabel'
import type {ExportLabel} from '@/lib/views/exportSheet'
import {exportTables, exportTablesNote} from '@/lib/views/exportTables'

/** The ranking as CSV, below notes that say where it comes from. Throws ReaderError where there is no table at all. */
export function rankingCsv(explanation: Explanation, label: ExportLabel): string {
  const [ranking] = exportTables(explanation)
  if (!ranking) throw new ReaderError('Nothing to export', 'Found no table; needed a checkpoint with Gaussians.')
  return csvText(ranking, [...labelLines(label), exportTablesNote(explanation)])
}

/**
 * Every table as a CSV file of its own, in one zip with a text that says where they come from. `onTable` is awaited
 * before each, so that the work can be shown and stopped.
 */
export async function tablesZip(
  explanation: Explanation,
  label: ExportLabel,
  onTable: (title: string) => Promise<void> = async () => {}
): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  const file = (name: string, text: string) => ({name, parts: [encoder.encode(text)]})
  const tables = exportTables(explanation)
  const files = []
  for (const table of tables) {
    await onTable(table.title)
    files.push(file(`${table.id}.csv`, csvText(table, [])))
  }
  const contents = tables.map(({id, title}) => `${id}.csv: ${title}`)
  const about = [...labelLines(label), exportTablesNote(explanation), '', ...contents, ''].join('\r\n')
  return zipBytes([file('about.txt', about), ...files])
}
