'use client'

import {useState} from 'react'
import {Dialog} from '@/components/controls/Dialog'
import {bytes, count, plural} from '@/lib/core/number'
import type {FileReport} from '@/lib/engine/protocol'

const atOnce = 200

/** Every tensor of a file, what each is used for, and, when nothing was recognised, what was looked for. */
export function TensorTable({report, onClose}: {report: FileReport; onClose: () => void}) {
  const [search, setSearch] = useState('')
  const [most, setMost] = useState(atOnce)
  const {name, size, format, entries, findings} = report
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = entries.filter((entry) => words.every((word) => entry.name.toLowerCase().includes(word)))
  const roles = rolesOf(report)
  return (
    <Dialog title={`Tensors in ${name}`} className="wide" onClose={onClose}>
      <p className="lede">
        {format}, {plural(entries.length, 'tensor')}, {bytes(size)}.
      </p>
      <Recognition report={report} />
      <label className="search">
        <span className="visually-hidden">Find a tensor by name</span>
        <input
          type="search"
          placeholder="Find by name"
          value={search}
          onChange={({target}) => {
            setSearch(target.value)
            setMost(atOnce)
          }}
        />
        <span className="key" role="status">
          {words.length > 0 ? `${count(found.length)} of ${count(entries.length)}` : ''}
        </span>
      </label>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="scroll" tabIndex={0} aria-label="Tensors">
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Used as</th>
              <th scope="col">Type</th>
              <th scope="col">Shape</th>
              <th scope="col">Size</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, most).map((entry) => (
              <tr key={entry.name}>
                <th scope="row">
                  <code>{entry.name}</code>
                </th>
                <td className="text">{roles.get(entry.name) ?? <span className="key">–</span>}</td>
                <td>{entry.dtype}</td>
                <td>({entry.shape.join(', ')})</td>
                <td>{bytes(entry.byteLength)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {found.length > most && (
          <button type="button" className="button more" onClick={() => setMost(most + 5 * atOnce)}>
            Show more of {count(found.length - most)}
          </button>
        )}
      </section>
      {findings.length > 0 && (
        <details className="findings">
          <summary>{plural(findings.length, 'note')} on this file</summary>
          <ul>
            {findings.map(({text}) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </Dialog>
  )
}

function Recognition({report: {detection}}: {report: FileReport}) {
  if (detection.family === null) {
    return (
      <div className="recognition">
        <p>No density attention was recognised. What was looked for:</p>
        <ul>
          {detection.lookedFor.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        {detection.nearest && <p>{detection.nearest}</p>}
      </div>
    )
  }
  return (
    <div className="recognition">
      <p>
        Recognised as <b>{detection.title}</b> at <code>{detection.at}</code>.
      </p>
      {detection.missing.length > 0 && (
        <ul>
          {detection.missing.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

const rolesOf = ({detection}: FileReport): ReadonlyMap<string, string> =>
  new Map(detection.family === null ? [] : detection.bindings.map(({name, role}) => [name, role]))
