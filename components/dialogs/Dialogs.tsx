'use client'

import {About} from '@/components/dialogs/About'
import {DataTables} from '@/components/dialogs/DataTables'
import {Help} from '@/components/dialogs/Help'
import {LayoutQuestion, SettingsQuestions} from '@/components/dialogs/Questions'
import {Inspect} from '@/components/inspect/Inspect'
import {Things} from '@/components/inspect/Things'
import {AddressDialog} from '@/components/open/AddressDialog'
import type {DialogName} from '@/components/room'
import {shownExplanation, useSession} from '@/components/stores'

/** The dialog that was asked for, or the question that must be answered first. */
export function Dialogs({open, onClose}: {open: DialogName | null; onClose: () => void}) {
  const question = useSession(({question}) => question)
  const explanation = useSession(shownExplanation)
  const example = useSession(({example}) => example)
  // A file that failed is looked into before the one that is open.
  const report = useSession(({trouble, report}) => trouble?.report ?? report)
  const file = useSession(({trouble, files}) =>
    trouble?.report ? (trouble.file ?? null) : (files?.checkpoint ?? null)
  )
  if (question) return <LayoutQuestion question={question} />
  if (open === 'address') return <AddressDialog onClose={onClose} />
  if (open === 'help') return <Help onClose={onClose} />
  if (open === 'settings') return <SettingsQuestions onClose={onClose} />
  if (open === 'tensors' && report) return <Inspect report={report} file={file} first="found" onClose={onClose} />
  if (open === 'bind' && report) return <Inspect report={report} file={file} first="bind" onClose={onClose} />
  if (open === 'things' && explanation) return <Things explanation={explanation} onClose={onClose} />
  if (open === 'data' && explanation) return <DataTables explanation={explanation} onClose={onClose} />
  if (open === 'about' && example) return <About card={example} onClose={onClose} />
  return null
}
