'use client'

import {useMemo} from 'react'
import {Facts} from '@/components/inspect/Facts'
import {FoundModule} from '@/components/inspect/FoundModule'
import {ModulePicker} from '@/components/inspect/ModulePicker'
import {Sentences} from '@/components/inspect/Sentences'
import {count, percent, plural} from '@/lib/core/number'
import type {FileReport, Openable} from '@/lib/engine/protocol'
import {foundModules, unusedBy} from '@/lib/views/foundModules'

/** What each family makes of the file: which tensor fills which role, what disagrees, is missing or is not used. */
export function Found({report, file}: {report: FileReport; file: Openable | null}) {
  const {detection, candidates = []} = report
  const modules = useMemo(() => foundModules(report), [report])
  const unused = useMemo(
    () => new Map(modules.map((module) => [module.at, unusedBy(module, report)])),
    [modules, report]
  )
  const others = candidates.filter(({modules}) => modules.length === 0)
  const shown = detection.family === null ? null : detection.at
  return (
    <div className="found">
      <Training report={report} />
      {detection.family === null ? (
        <p>No density attention was recognised. {detection.nearest ?? 'No pair of tensors looks like one.'}</p>
      ) : (
        <p>
          Recognised as <b>{detection.title}</b> at <code>{detection.at}</code>.
        </p>
      )}
      {modules.length > 1 && <ModulePicker modules={modules} shown={shown} file={file} />}
      {modules.map((module) => (
        <FoundModule
          key={module.at}
          module={module}
          unused={unused.get(module.at)!}
          open={modules.length === 1 || module.at === shown}
        />
      ))}
      {others.length > 0 ? (
        <details open={modules.length === 0}>
          <summary>
            {modules.length > 0 ? `${plural(others.length, 'family', 'families')} not found` : 'What was looked for'}
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

function Training({report: {training}}: {report: FileReport}) {
  if (!training) return null
  const {epoch, accuracy, optimiser, savedMaps} = training
  const facts: [string, string][] = [
    ['Optimiser', optimiser ? `state of ${plural(optimiser.numbers, 'number')}, not read` : 'none in this file'],
    ['Epoch', epoch === null ? 'not said' : String(epoch)],
    ['Accuracy', accuracy === null ? 'not said' : `${percent(accuracy)}, as the file states`],
    ['Saved maps', savedMaps ? `${count(savedMaps.held)} per head, the last ${count(savedMaps.used)} used` : 'none']
  ]
  return <Facts facts={facts} />
}
