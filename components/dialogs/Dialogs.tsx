'use client'

import {NotLoaded} from '@/components/dialogs/NotLoaded'
import {later} from '@/components/later'
import type {DialogName} from '@/components/room'
import {useSharedId} from '@/components/shared/SharedId'
import {shownExplanation, useSession} from '@/components/stores'

// None of them is part of the first picture.
const About = later(async () => (await import('@/components/dialogs/About')).About, NotLoaded)
const AddressDialog = later(async () => (await import('@/components/open/AddressDialog')).AddressDialog, NotLoaded)
const DataTables = later(async () => (await import('@/components/dialogs/DataTables')).DataTables, NotLoaded)
const EmbedDialog = later(async () => (await import('@/components/embed/EmbedDialog')).EmbedDialog, NotLoaded)
const ExportSheet = later(async () => (await import('@/components/export/ExportSheet')).ExportSheet, NotLoaded)
const Help = later(async () => (await import('@/components/dialogs/Help')).Help, NotLoaded)
const Inspect = later(async () => (await import('@/components/inspect/Inspect')).Inspect, NotLoaded)
const LayoutQuestion = later(async () => (await import('@/components/dialogs/Questions')).LayoutQuestion, NotLoaded)
const SettingsQuestions = later(
  async () => (await import('@/components/dialogs/Questions')).SettingsQuestions,
  NotLoaded
)
const ShareSheet = later(async () => (await import('@/components/share/ShareSheet')).ShareSheet, NotLoaded)
const Things = later(async () => (await import('@/components/inspect/Things')).Things, NotLoaded)

const all = [
  About,
  AddressDialog,
  DataTables,
  ExportSheet,
  Help,
  Inspect,
  LayoutQuestion,
  SettingsQuestions,
  ShareSheet,
  Things
]

/** Fetches every dialog's script, so that each opens at once. */
export const loadDialogs = async (): Promise<void> => void (await Promise.allSettled(all.map(({load}) => load())))

/** The dialog that was asked for, or the question that must be answered first. */
export function Dialogs({open, onClose}: {open: DialogName | null; onClose: () => void}) {
  const shared = useSharedId()
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
  if (open === 'share' && explanation) return <ShareSheet explanation={explanation} onClose={onClose} />
  if (open === 'embed' && shared && explanation)
    return <EmbedDialog id={shared} title={explanation.finding.title} onClose={onClose} />
  if (open === 'export') return <ExportSheet onClose={onClose} />
  if (open === 'about' && example) return <About card={example} onClose={onClose} />
  return null
}
