'use client'

import {Sentences} from '@/components/inspect/Sentences'
import {TensorTree} from '@/components/inspect/TensorTree'
import {count, plural} from '@/lib/core/number'
import type {CandidateModule} from '@/lib/models/candidates'
import type {UnusedTensor} from '@/lib/views/foundModules'

export interface FoundModuleProps {
  readonly module: CandidateModule
  readonly unused: readonly UnusedTensor[]
  readonly open: boolean
}

/** One module: which tensor fills which role, what disagrees, what is missing, and what it leaves aside. */
export function FoundModule({module, unused, open}: FoundModuleProps) {
  const {title, at, bindings, missing, disagreements} = module
  return (
    <details open={open}>
      <summary>
        <b>{title}</b> at <code>{at}</code>, {plural(bindings.length, 'role')} filled
        {disagreements.length > 0 && `, ${plural(disagreements.length, 'shape')} disagreeing`}
        {unused.length > 0 && `, ${plural(unused.length, 'parameter')} not used`}
      </summary>
      <Sentences title="Disagrees" sentences={disagreements} />
      <Sentences title="Missing" sentences={missing} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="roles" tabIndex={0} aria-label={`Roles of ${title} at ${at}`}>
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
      {unused.length > 0 && <Unused at={at} unused={unused} />}
    </details>
  )
}

function Unused({at, unused}: {at: string; unused: readonly UnusedTensor[]}) {
  const elsewhere = new Map(
    unused.flatMap(({entry, usedAt}) => (usedAt === null ? [] : [[entry.name, `used by ${usedAt}`] as const]))
  )
  return (
    <details className="unused">
      <summary>{plural(unused.length, 'parameter')} that it does not use</summary>
      <TensorTree entries={unused.map(({entry}) => entry)} label={`Parameters not used by ${at}`} notes={elsewhere} />
    </details>
  )
}
