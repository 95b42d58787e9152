'use client'

import {useId, useState} from 'react'
import {useSession, useStores} from '@/components/stores'
import {count, plural} from '@/lib/core/number'
import type {Openable} from '@/lib/engine/protocol'
import type {CandidateModule} from '@/lib/models/candidates'
import {moduleSize} from '@/lib/views/foundModules'

export interface ModulePickerProps {
  readonly modules: readonly CandidateModule[]
  /** Where the module stands that is shown; null while none is. */
  readonly shown: string | null
  readonly file: Openable | null
}

/** The modules of a file that holds several. The figure follows the choice; arrow keys go from one to the next. */
export function ModulePicker({modules, shown, file}: ModulePickerProps) {
  const {session} = useStores()
  const working = useSession(({work}) => work.kind === 'working')
  const [wanted, setWanted] = useState<string | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const name = useId()
  const chosen = working ? (wanted ?? shown) : shown
  const choose = async (at: string) => {
    if (!file) return
    setWanted(at)
    setFailure(null)
    await session.getState().showModule(file, at)
    setFailure(session.getState().trouble?.message ?? null)
  }
  return (
    <fieldset className="modules" disabled={file === null} aria-busy={working}>
      <legend>This file holds {plural(modules.length, 'module')}. Choose the one that the figure shows.</legend>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="roles" tabIndex={0} aria-label="Modules">
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Place</th>
              <th scope="col">What it is</th>
              <th scope="col">Heads</th>
              <th scope="col">Layers × features</th>
            </tr>
          </thead>
          <tbody>
            {modules.map((module) => (
              <tr key={module.at} aria-current={module.at === shown || undefined}>
                <th scope="row">
                  <label>
                    <input type="radio" name={name} checked={module.at === chosen} onChange={() => choose(module.at)} />
                    <code>{module.at}</code>
                  </label>
                </th>
                <td>{module.title}</td>
                <td>{module.headCount > 0 ? count(module.headCount) : '–'}</td>
                <td>{moduleSize(module) || '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p role="status" className={failure ? 'failure' : 'visually-hidden'}>
        {failure ?? (shown === null ? '' : `The figure shows ${shown}.`)}
      </p>
    </fieldset>
  )
}
