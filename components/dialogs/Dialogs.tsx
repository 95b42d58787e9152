'use client'

import {About} from '@/components/dialogs/About'
import {DataTables} from '@/components/dialogs/DataTables'
import {Help} from '@/components/dialogs/Help'
import {LayoutQuestion, SettingsQuestions} from '@/components/dialogs/Questions'
import {TensorTable} from '@/components/dialogs/TensorTable'
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
  if (question) return <LayoutQuestion question={question} />
  if (open === 'address') return <AddressDialog onClose={onClose} />
  if (open === 'help') return <Help onClose={onClose} />
  if (open === 'settings') return <SettingsQuestions onClose={onClose} />
  if (open === 'tensors' && report) return <TensorTable report={report} onClose={onClose} />
  if (open === 'data' && explanation) return <DataTables explanation={explanation} onClose={onClose} />
  if (open === 'about' && example) return <About card={example} onClose={onClose} />
  return null
}
