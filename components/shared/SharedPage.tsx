import type {SharedSummary} from '@/lib/share/sharedSummary'

interface SharedPageProps {
  readonly summary: SharedSummary
  /** Where its bytes are. */
  readonly file: string
  /** Day until which it is kept, as 2030-04-01. */
  readonly until: string
}

/** A stored explanation in words, for readers without scripts. */
export function SharedPage({summary, file, until}: SharedPageProps) {
  const {title, caveat, description, columns, rows, more, edits, notes, moreBeside, caveats, files} = summary
  return (
    <main className="shared-page">
      <p className="shared-from">Density Lens · an explanation that somebody shared</p>
      <h1 dir="auto">{title}</h1>
      <p dir="auto">{caveat}</p>
      <p dir="auto">{description}</p>
      {edits.length > 0 && (
        <>
          <h2>Edited by hand</h2>
          <p>These numbers are not the checkpoint’s own. They follow from:</p>
          <ul>
            {edits.map((text, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an edit is known by its place, and the list never changes
              <li key={i} dir="auto">
                {text}
              </li>
            ))}
          </ul>
        </>
      )}
      {notes.length > 0 && (
        <>
          <h2>Notes</h2>
          <dl>
            {notes.map(({place, text}, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a note is known by its place, and the list never changes
              <div key={i}>
                <dt dir="auto">{place}</dt>
                <dd dir="auto">{text}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {moreBeside > 0 && <p>{moreBeside} more edits and notes are in the file.</p>}
      {rows.length > 0 && <Ranking columns={columns} rows={rows} />}
      {more > 0 && <p>{more} more are in the file.</p>}
      {caveats.length > 0 && (
        <>
          <h2>Caveats</h2>
          <ul>
            {caveats.map((text) => (
              <li key={text} dir="auto">
                {text}
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Computed from</h2>
      <ul>
        {files.map(({name, sha256}, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may share a name, and the list never changes
          <li key={i}>
            <bdi>{name}</bdi> <code>{sha256 ? `SHA-256 ${sha256}` : 'not hashed'}</code>
          </li>
        ))}
      </ul>
      <p>
        <a href={file} download>
          Download the explanation
        </a>
        , kept until {until}. Its figure needs JavaScript: with it, this page is a workbench that shows the explanation
        and can compute it again.
      </p>
    </main>
  )
}

function Ranking({columns, rows}: Pick<SharedSummary, 'columns' | 'rows'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached from the keyboard
    <section className="shared-ranking" aria-label="Ranking" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr key={`${cells[1]} ${cells[2]}`}>
              {cells.map((cell, i) => (
                <td key={columns[i]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
