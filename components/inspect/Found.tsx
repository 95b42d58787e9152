'use client'

import {count, percent, plural} from '@/lib/core/number'
import type {FileReport} from '@/lib/engine/protocol'
import type {CandidateModule} from '@/lib/models/candidates'

/** What each family makes of the file: which tensor fills which role, what disagrees, is missing or is not used. */
export function Found({report}: {report: FileReport}) {
  const {detection, candidates = []} = report
  const found = candidates.filter(({modules}) => modules.length > 0)
  const others = candidates.filter(({modules}) => modules.length === 0)
  const chosen = detection.family === null ? null : detection.at
  return (
    <div className="found">
      <Training report={report} />
      {detection.family === null && (
        <p>No density attention was recognised. {detection.nearest ?? 'No pair of tensors looks like one.'}</p>
      )}
      {detection.family !== null && (
        <p>
          Recognised as <b>{detection.title}</b> at <code>{detection.at}</code>.
        </p>
      )}
      {found.flatMap(({family, modules}) =>
        modules.map((module) => (
          <Module key={`${family} ${module.at}`} module={module} open={found.length === 1 || module.at === chosen} />
        ))
      )}
      {found.length === 0 && detection.family !== null && <Sentences title="Missing" sentences={detection.missing} />}
      {others.length > 0 ? (
        <details open={found.length === 0}>
          <summary>
            {found.length > 0 ? `${plural(others.length, 'family', 'families')} not found` : 'What was looked for'}
          </summary>
          <ul className="sentences">
            {others.map(({family, needs}) => (
              <li key={family}>{needs}</li>
            ))}
          </ul>
        </details>
      ) : (
        detection.family === null && <Sentences title="What was looked for" sentences={detection.lookedFor} />
      )}
    </div>
  )
}

function Module({module, open}: {module: CandidateModule; open: boolean}) {
  const {title, at, bindings, missing, disagreements, unused} = module
  return (
    <details open={open}>
      <summary>
        <b>{title}</b> at <code>{at}</code>, {plural(bindings.length, 'role')} filled
        {unused > 0 && `, ${plural(unused, 'name')} not used`}
      </summary>
      <Sentences title="Disagrees" sentences={disagreements} />
      <Sentences title="Missing" sentences={missing} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="roles" tabIndex={0} aria-label={`Roles of ${title}`}>
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Role</th>
              <th scope="col">Tensor</th>
              <th scope="col">Shape</th>
            </tr>
          </thead>
          <tbody>
            {bindings.map(({role, name, shape}) => (
              <tr key={role}>
                <th scope="row">{role}</th>
                <td>
                  <code>{name}</code>
                </td>
                <td>({shape.map(count).join(', ')})</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}

function Sentences({title, sentences}: {title: string; sentences: readonly string[]}) {
  if (sentences.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul className="sentences">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  )
}

function Training({report: {training}}: {report: FileReport}) {
  if (!training) return null
  const {epoch, accuracy, optimiser, savedMaps} = training
  const facts: [string, string][] = [
    ['Optimiser', optimiser ? `state of ${plural(optimiser.numbers, 'number')}, not read` : 'none in this file'],
    ['Epoch', epoch === null ? 'not said' : String(epoch)],
    ['Accuracy', accuracy === null ? 'not said' : `${percent(accuracy)}, as the file states`],
    ['Saved maps', savedMaps ? `${count(savedMaps.held)} per head, the last ${count(savedMaps.used)} used` : 'none']
  ]
  return (
    <dl className="facts">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
