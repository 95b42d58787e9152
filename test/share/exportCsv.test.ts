import {describe, expect, it} from 'vitest'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {csvText} from '@/lib/share/exportCsv'
import {exportLabel, labelLines} from '@/lib/share/exportLabel'
import {rankingCsv, tablesZip} from '@/lib/share/exportTables'
import {type ExportCell, type ExportTable, exportTables} from '@/lib/views/exportTables'
import {boards} from '../fixtures/planes'
import {example} from './explanations'

const digits = example('digits')
const label = exportLabel(digits, {date: new Date('2026-01-02T10:00:00Z')})
const table = (...cells: readonly ExportCell[]): ExportTable => ({
  id: 't',
  title: 't',
  columns: cells.map((_, i) => `c${i}`),
  rows: 1,
  cell: (_, column) => cells[column]!
})
const rowOf = (...cells: readonly ExportCell[]) => csvText(table(...cells), []).split('\r\n')[1]

describe('a table as CSV', () => {
  it('is a line of names and a line for each row, without a byte order mark', () => {
    expect(csvText(table(1, 'b', null), [])).toBe('c0,c1,c2\r\n1,b,\r\n')
  })

  it('quotes what holds a separator, a quotation mark or a line end', () => {
    expect(rowOf('a,b', 'say "no"', 'two\nlines', 'a;b', '#1')).toBe('"a,b","say ""no""","two\nlines","a;b","#1"')
  })

  it('writes numbers as float32 with the fewest digits, and what is not finite as a word', () => {
    expect(rowOf(Math.fround(0.1), -0.5, 16_777_217, Number.NaN, 1 / 0)).toBe('0.1,-0.5,16777217,NaN,Infinity')
  })

  it.each(['=1+1', '+1', '-1+2', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1+1', '%0A', '|calc'])(
    'makes no formula of %j',
    (text) => {
      expect(rowOf(text)).toMatch(/^"?'/)
    }
  )

  it('leaves negative numbers numbers', () => {
    expect(rowOf(-3)).toBe('-3')
  })

  it('keeps a formula out of the notes, wherever a spreadsheet would cut them', () => {
    const [note] = csvText(table(1), ['File: x,=HYPERLINK("http://a"); @y, -1;+2']).split('\r\n')
    expect(note).toBe("# File: x,'=HYPERLINK('http://a'); '@y, '-1;'+2")
  })

  it('says in its notes where it comes from and what to know, one line each', () => {
    const lines = rankingCsv(digits, label).split('\r\n')
    const notes = lines.filter((line) => line.startsWith('# '))
    expect(notes[0]).toBe(`# ${digits.finding.title}`)
    expect(notes.join('\n')).toContain(`SHA-256 ${digits.provenance.checkpoint.sha256}`)
    expect(notes.join('\n')).toContain(digits.caveats[0]!.text.slice(0, 40))
    expect(notes.join('\n')).toContain('Exported: 2026-01-02 from Density Lens')
    expect(lines[notes.length]).toMatch(/^layer,head,rank,/)
    expect(lines).toHaveLength(notes.length + 1 + digits.layers.length + 1)
  })

  it('gives every float32 back to a reader of CSV', async () => {
    const density = exportTables(digits).find(({id}) => id === 'density')!
    const archive = await openArchive(memorySource(new TextEncoder().encode(csvText(density, [])), 'density.csv'))
    const {shape, values} = await archive.read('array')
    expect(shape).toEqual([64, 13])
    const {rows, cols, values: own} = digits.density!
    for (let row = 0; row < rows; row++)
      for (let col = 0; col < cols; col++)
        expect(Math.fround(Number(values[col * 13 + row + 1]))).toBe(own[row * cols + col])
  })
})

describe('every table in one zip', () => {
  it('holds each as CSV, and a text that says where they come from', async () => {
    const seen: string[] = []
    const bytes = await tablesZip(digits, label, async (title) => void seen.push(title))
    const text = new TextDecoder('latin1').decode(bytes)
    for (const {id, title} of exportTables(digits)) {
      expect(text).toContain(`${id}.csv`)
      expect(seen).toContain(title)
    }
    expect(new TextDecoder().decode(bytes)).toContain(labelLines(label).join('\r\n'))
  })

  it('stops where it is told to', async () => {
    const stop = async () => {
      throw new Error('stopped')
    }
    await expect(tablesZip(digits, label, stop)).rejects.toThrow('stopped')
  })
})

it('a label tells what a person noted, and where', () => {
  const notes = [
    {at: {on: 'cell', layer: 4, feature: 16}, text: 'Look here,\n=SUM(A1)'},
    {at: {on: 'figure'}, text: 'Odd'}
  ] as const
  const lines = labelLines(exportLabel(digits, {date: new Date(0), notes}))
  expect(lines).toContain('Note: Layer 5, feature 17: Look here, =SUM(A1)')
  expect(lines).toContain('Note: The whole figure: Odd')
  expect(csvText(table(1), lines)).toContain(": Look here, '=SUM(A1)\r\n")
})

it('a label holds visible characters only, whatever the files are called', () => {
  const hostile = {
    ...digits,
    provenance: {
      ...digits.provenance,
      checkpoint: {...digits.provenance.checkpoint, name: 'a\u202Egpj\u200B.pth\n# forged: line'}
    }
  }
  const lines = labelLines(exportLabel(hostile, {date: new Date(0)}))
  expect(lines.find((line) => line.startsWith('Checkpoint'))).toMatch(/^Checkpoint: agpj\.pth # forged: line, /)
  expect(lines.join('')).not.toMatch(/[\u202E\u200B\n]/)
})

it('a label counts no heads where there are none', async () => {
  const lines = labelLines(exportLabel(await boards(), {date: new Date(0)}))
  expect(lines).toContain('Model: stacked latent attention, 3 hops × 15 regions, at model')
})
