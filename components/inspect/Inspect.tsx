'use client'

import {useState} from 'react'
import {Choice} from '@/components/controls/Choice'
import {Dialog} from '@/components/controls/Dialog'
import {BindByHand} from '@/components/inspect/BindByHand'
import {Found} from '@/components/inspect/Found'
import {PickleNames} from '@/components/inspect/PickleNames'
import {TensorExplorer} from '@/components/inspect/TensorExplorer'
import {bytes, plural} from '@/lib/core/number'
import type {FileReport, Openable} from '@/lib/engine/protocol'

export type InspectPart = 'found' | 'tensors' | 'bind' | 'pickle'

export interface InspectProps {
  report: FileReport
  /** What the report is of; null when it can no longer be read. */
  file: Openable | null
  first: InspectPart
  onClose: () => void
}

/** A file looked into: what was found in it, its tensors, binding by hand, and what its pickle names. */
export function Inspect({report, file, first, onClose}: InspectProps) {
  const [part, setPart] = useState<InspectPart>(first)
  const {name, size, format, entries, findings, named} = report
  const parts: {value: InspectPart; text: string}[] = [
    {value: 'found', text: 'What was found'},
    {value: 'tensors', text: 'Tensors'},
    ...(file ? [{value: 'bind' as const, text: 'Bind by hand'}] : []),
    ...(named ? [{value: 'pickle' as const, text: 'Names in the pickle'}] : [])
  ]
  return (
    <Dialog title={`Tensors in ${name}`} className="wide inspect" onClose={onClose}>
      <p className="lede">
        {format}, {plural(entries.length, 'tensor')}, {bytes(size)}.
      </p>
      <div className="table-bar">
        <Choice label="Show" options={parts} value={part} onChange={setPart} />
      </div>
      {part === 'found' && <Found report={report} file={file} />}
      {part === 'tensors' && <TensorExplorer report={report} file={file} />}
      {part === 'bind' && file && <BindByHand report={report} file={file} onDone={onClose} />}
      {part === 'pickle' && named && <PickleNames named={named} />}
      {part === 'found' && findings.length > 0 && (
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
