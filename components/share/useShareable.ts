'use client'

import {useMemo, useState} from 'react'
import {useNoteList} from '@/components/notes/NotesContext'
import {useSession, useStores} from '@/components/stores'
import {useSupposed, useWhatIf} from '@/components/whatIf/EditsContext'
import type {Explanation} from '@/lib/explain/explanation'
import {type WithInputs, withInputs} from '@/lib/share/chosenInputs'
import type {Shareable} from '@/lib/share/fitRecord'
import {type InputChoice, inputsBy} from '@/lib/share/inputChoice'
import {type FileNames, named} from '@/lib/share/named'
import type {Part} from '@/lib/share/partNames'
import {type ShownAs, toldAsEdited} from '@/lib/share/shownAs'
import {viewOf} from '@/lib/state/lensView'

/** What a person lets go along. */
export interface Choices {
  readonly without: readonly Part[]
  readonly inputs: InputChoice
  readonly pictures: boolean
  readonly names: FileNames | null
  readonly notes: boolean
  /** Edits that were made here; those of what was shared always go along. */
  readonly edits: boolean
}

/** What there is to share, with what is known of it. */
export interface ShareSubject {
  /** As it is shown, edits and all, before anything is left out. */
  readonly explanation: Explanation
  readonly shareable: Shareable
  readonly view: WithInputs['view']
  /** Edits that the figure shows now. */
  readonly edits: number
  /** Why what is shown is not yet what follows from the edits; null once it is. */
  readonly waiting: string | null
  readonly notes: number
  readonly version: number | null
  readonly pictured: boolean
  /** Inputs by choice. */
  readonly counts: Readonly<Record<InputChoice, number>>
}

/** The open explanation as it would leave, by what was chosen. */
export function useShareable(open: Explanation, choices: Choices): ShareSubject {
  const {lens} = useStores()
  const [view] = useState(() => viewOf(lens.getState()))
  const whatIf = useWhatIf()
  const supposed = useSupposed()
  const shared = useSession(({shared, files}) => (files === null ? shared : null))
  const version = useSession(({version}) => version)
  const pictures = useSession(({pictures}) => pictures)
  const notes = useNoteList()
  const editing = supposed !== null && whatIf !== null
  const explanation = editing && choices.edits ? supposed : open
  const inputs = useMemo(() => inputsBy(explanation, view.sample ?? null), [explanation, view])
  const shownAs = useMemo<ShownAs | null>(() => {
    if (shared) return shared.record.shownAs
    const edits = editing && choices.edits ? whatIf.edits : []
    if (edits.length === 0 && version === null) return null
    const over = whatIf?.supposed ? ([whatIf.supposed.inputs, whatIf.supposed.of] as const) : null
    return {edits, over: edits.length > 0 ? over : null, version}
  }, [shared, editing, choices.edits, whatIf, version])
  const shareable = useMemo<Shareable>(() => {
    const chosen = inputs[choices.inputs]
    const whole: WithInputs = {
      explanation: named(toldAsEdited(explanation, shownAs?.edits ?? []), choices.names),
      pictures: choices.pictures && chosen.length > 0 ? pictures : null,
      notes: choices.notes ? notes : [],
      view
    }
    // Without any inputs, notes on them still name them by their number.
    const content = chosen.length > 0 ? withInputs(whole, chosen) : whole
    const without = chosen.length > 0 ? choices.without : [...choices.without, 'samples' as const]
    const carried = shared ? {others: shared.record.others, strangers: shared.record.strangers} : {}
    return {...content, shownAs, without, ...carried}
  }, [explanation, inputs, choices, shownAs, pictures, notes, view, shared])
  const waiting = editing && choices.edits && (whatIf.waiting || whatIf.supposed === null || whatIf.trouble !== null)
  return {
    explanation,
    shareable,
    view,
    edits: (shared ? (shared.record.shownAs?.edits ?? []) : editing ? whatIf.edits : []).length,
    waiting: waiting ? (whatIf.trouble ?? 'The edits are still being worked out.') : null,
    notes: notes.length,
    version: shownAs?.version ?? null,
    pictured: pictures !== null,
    counts: {
      none: 0,
      selected: inputs.selected.length,
      wrong: inputs.wrong.length,
      first: inputs.first.length,
      all: inputs.all.length
    }
  }
}
