'use client'

import {useMemo, useState} from 'react'
import {TensorLook} from '@/components/inspect/TensorLook'
import {TensorTree} from '@/components/inspect/TensorTree'
import type {FileReport, Openable} from '@/lib/engine/protocol'

/** The tree of a file's tensors and a closer look at one. */
export function TensorExplorer({report, file}: {report: FileReport; file: Openable | null}) {
  const {entries, detection} = report
  const [chosen, setChosen] = useState<string | null>(null)
  const roles = useMemo(
    () => new Map(detection.family === null ? [] : detection.bindings.map(({name, role}) => [name, role])),
    [detection]
  )
  const entry = entries.find(({name}) => name === chosen) ?? null
  return (
    <div className={entry ? 'explorer looking' : 'explorer'}>
      <TensorTree
        entries={entries}
        label="Tensors"
        notes={roles}
        firstOpen={[...roles.keys()]}
        chosen={chosen}
        onChoose={({name}) => setChosen(name)}
      />
      {entry && <TensorLook key={entry.name} entry={entry} role={roles.get(entry.name) ?? null} file={file} />}
    </div>
  )
}
