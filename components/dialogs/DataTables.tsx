'use client'

import {useMemo, useState} from 'react'
import {Choice} from '@/components/controls/Choice'
import {Dialog} from '@/components/controls/Dialog'
import {count} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import {type DataTable, dataTables} from '@/lib/views/dataTable'

const perPage = 100

/** The numbers behind every picture. */
export function DataTables({explanation, onClose}: {explanation: Explanation; onClose: () => void}) {
  const tables = useMemo(() => dataTables(explanation), [explanation])
  const [chosen, setChosen] = useState(tables[0]?.id)
  const [page, setPage] = useState(0)
  const table = tables.find(({id}) => id === chosen) ?? tables[0]
  if (!table) return null
  const pages = Math.ceil(table.rows / perPage)
  return (
    <Dialog title="The numbers behind the figure" className="wide" onClose={onClose}>
      <div className="table-bar">
        <Choice
          label="Table"
          options={tables.map(({id, title}) => ({value: id, text: title}))}
          value={table.id}
          onChange={(id) => {
            setChosen(id)
            setPage(0)
          }}
        />
        {pages > 1 && (
          <span className="pager">
            <span className="key">
              {count(page * perPage + 1)}–{count(Math.min(table.rows, (page + 1) * perPage))} of {count(table.rows)}
            </span>
            <button type="button" aria-label="Earlier rows" disabled={page === 0} onClick={() => setPage(page - 1)}>
              ‹
            </button>
            <button
              type="button"
              aria-label="Later rows"
              disabled={page === pages - 1}
              onClick={() => setPage(page + 1)}
            >
              ›
            </button>
          </span>
        )}
      </div>
      <p className="quiet">{table.note}</p>
      <Rows table={table} page={page} />
    </Dialog>
  )
}

function Rows({table, page}: {table: DataTable; page: number}) {
  const first = page * perPage
  const rows = Array.from({length: Math.min(perPage, table.rows - first)}, (_, index) => first + index)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="scroll" tabIndex={0} aria-label={table.title}>
      <table className="data numbers">
        <thead>
          <tr>
            {table.columns.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              {table.columns.map((title, column) =>
                column === 0 ? (
                  <th key={title} scope="row">
                    {table.cell(row, column)}
                  </th>
                ) : (
                  <td key={title}>{table.cell(row, column)}</td>
                )
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
