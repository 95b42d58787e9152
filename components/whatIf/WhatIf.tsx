'use client'

import {useState} from 'react'
import {Popover} from '@/components/controls/Popover'
import {saveFile} from '@/components/saveFile'
import {useLens, useSession, useStores} from '@/components/stores'
import {useEditsStore, useWhatIf} from '@/components/whatIf/EditsContext'
import {useEditKeys} from '@/components/whatIf/useEditKeys'
import type {EditedTensors} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import {isEditable} from '@/lib/explain/isEditable'
import {whyNotEditable} from '@/lib/explain/whyNotEditable'
import type {WhatIf as Edited, EditsStore} from '@/lib/state/edits'
import {editSentence, supposedText} from '@/lib/views/editWords'

/** Says that what is shown is supposed, with the ways back; before that, how to suppose something. */
export function WhatIf() {
  const {lens} = useStores()
  const store = useEditsStore()
  const whatIf = useWhatIf()
  const open = useSession(({explanation}) => explanation)
  const runs = useSession(({files}) => files !== null)
  const explanation = open && runs && isEditable(open) ? open : null
  useEditKeys(store, lens, explanation)
  if (!store || !whatIf || !open || !runs || open.provenance.maps !== 'inputs') return null
  if (!explanation) return <WhyNot explanation={open} />
  const {edits, supposed, comparing, trouble} = whatIf
  return (
    <div className={edits.length > 0 ? 'what-if supposed' : 'what-if'}>
      {edits.length > 0 && (
        <span className="what-if-mark">
          {comparing ? 'The original, while you hold' : supposedText(edits.length, supposed)}
        </span>
      )}
      {trouble && <span className="bad">{trouble}</span>}
      {(edits.length > 0 || whatIf.canUndo || whatIf.canRedo) && <WaysBack store={store} whatIf={whatIf} />}
      <Popover
        button={edits.length > 0 ? 'Edits' : 'What if'}
        className="link"
        panelClass="note what-if-panel"
        label={edits.length > 0 ? 'Edits, masks and saving' : 'What if: move Gaussians and mask layers'}
      >
        <Panel store={store} whatIf={whatIf} explanation={explanation} />
      </Popover>
      <p className="visually-hidden" aria-live="polite">
        {announced(explanation, whatIf)}
      </p>
    </div>
  )
}

/** Nothing to suppose, and why; in the place where others are moved. */
function WhyNot({explanation}: {explanation: Explanation}) {
  return (
    <div className="what-if">
      <Popover
        button="What if"
        className="link"
        panelClass="note what-if-panel"
        label="What if: why nothing can be moved"
      >
        <p>{whyNotEditable(explanation)}</p>
      </Popover>
    </div>
  )
}

function announced(explanation: Explanation, {edits, canUndo, canRedo}: Edited): string {
  const last = edits.at(-1)
  if (last) return `${supposedText(edits.length, null)}. ${editSentence(explanation, last)}.`
  return canUndo || canRedo ? 'No edits: the checkpoint as it is.' : ''
}

function WaysBack({store, whatIf}: {store: EditsStore; whatIf: Edited}) {
  const {undo, redo, reset, compare} = store.getState()
  const any = whatIf.edits.length > 0
  return (
    <>
      <button type="button" className="link" disabled={!whatIf.canUndo} onClick={undo} title="Ctrl Z">
        Undo
      </button>
      <button type="button" className="link" disabled={!whatIf.canRedo} onClick={redo} title="Ctrl Shift Z">
        Redo
      </button>
      {any && (
        <>
          <button type="button" className="link" onClick={reset}>
            Reset
          </button>
          <button
            type="button"
            className="link"
            title="Hold, or hold B in the figure"
            aria-pressed={whatIf.comparing}
            onPointerDown={() => compare(true)}
            onPointerUp={() => compare(false)}
            onPointerLeave={() => compare(false)}
            onPointerCancel={() => compare(false)}
            onKeyDown={({key}) => (key === ' ' || key === 'Enter') && compare(true)}
            onBlur={() => compare(false)}
          >
            Hold for the original
          </button>
        </>
      )}
    </>
  )
}

interface PanelProps {
  readonly store: EditsStore
  readonly whatIf: Edited
  readonly explanation: Explanation
}

function Panel({store, whatIf, explanation}: PanelProps) {
  return (
    <>
      <p>
        Drag the rings on the Gaussians: the peak moves the offset, the flank the spread. With a layer and feature
        pinned they take that feature alone; with features brushed (drag across the map with Shift, or S) that set; in a
        zoomed map the features shown; else the whole head. Arrow keys move a ring that has the focus, with Shift its
        spread; Home puts it back.
      </p>
      <Components store={store} whatIf={whatIf} explanation={explanation} />
      <Masks store={store} whatIf={whatIf} explanation={explanation} />
      {whatIf.edits.length > 0 && (
        <ol className="what-if-list">
          {whatIf.edits.map((edit) => (
            <li key={JSON.stringify(edit)}>{editSentence(explanation, edit)}</li>
          ))}
        </ol>
      )}
      <Saving store={store} whatIf={whatIf} explanation={explanation} />
    </>
  )
}

/** Which of a block's components the handles move. */
function Components({store, whatIf, explanation}: PanelProps) {
  const [head] = explanation.heads
  if (!head || head.kind === 'feature' || head.offset.length < 2) return null
  return (
    <label className="what-if-row">
      Handles move{' '}
      <select
        value={whatIf.component ?? ''}
        onChange={({target}) => store.getState().pickComponent(target.value === '' ? null : Number(target.value))}
      >
        <option value="">all components{head.effective ? ' (the effective Gaussian)' : ''}</option>
        {Array.from(head.offset.keys(), (k) => (
          <option key={k} value={k}>
            component {k + 1}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Masks for what is pinned; nothing where nothing stands behind the heads. */
function Masks({store, whatIf, explanation}: PanelProps) {
  const pinned = useLens(({pinned}) => pinned)
  const feature = useLens(({pinnedFeature}) => pinnedFeature)
  if (!explanation.samples.some(({logits}) => logits !== null)) return null
  const head = explanation.layers.find(({layer}) => layer === pinned)?.head
  const wanted = [
    {of: 'layer', index: pinned, name: explanation.axes?.rowName ?? 'layer', key: 'M'},
    {of: 'head', index: head ?? null, name: 'head', key: 'H'},
    {of: 'feature', index: feature, name: explanation.axes?.colName ?? 'feature', key: 'F'}
  ] as const
  const masks = wanted.filter(({index}) => index !== null)
  if (masks.length === 0) return <p>Pin a layer or a cell to mask it: then no prediction hears of it.</p>
  const isMasked = (of: string, index: number) =>
    whatIf.edits.some((edit) => edit.kind === 'mask' && edit.of === of && edit.index === index)
  return (
    <p className="actions">
      {masks.map(({of, index, name, key}) => (
        <button
          key={of}
          type="button"
          className="button"
          data-stay
          aria-pressed={isMasked(of, index!)}
          onClick={() => store.getState().toggleMask(of, index!)}
        >
          {isMasked(of, index!) ? 'Unmask' : 'Mask'} {name} {index! + 1}
          <kbd>{key}</kbd>
        </button>
      ))}
    </p>
  )
}

function Saving({store, whatIf, explanation}: PanelProps) {
  const [told, setTold] = useState<string | null>(null)
  const moved = whatIf.edits.some(({kind}) => kind === 'gaussians')
  if (!moved) return null
  const stem = explanation.provenance.checkpoint.name.replace(/\.[^.]*$/, '')
  const patch = `${stem}-patch.safetensors`
  const save = async (which: EditedTensors, name: string) => {
    try {
      saveFile(new Blob([await store.getState().save(which)]), name)
      setTold(`Saved ${name}.`)
    } catch (error) {
      setTold((error as Error).message)
    }
  }
  const python = `state_dict.update(safetensors.torch.load_file("${patch}"))`
  const masked = whatIf.edits.some(({kind}) => kind === 'mask')
  return (
    <section className="what-if-save" aria-label="Save">
      <p className="actions">
        <button type="button" className="button" data-stay onClick={() => save('all', `${stem}-edited.safetensors`)}>
          Save as checkpoint (.safetensors)
        </button>
        <button type="button" className="button" data-stay onClick={() => save('edited', patch)}>
          Patch
        </button>
      </p>
      <p>
        As float32. The patch holds the edited tensors alone; in Python <code>{python}</code>{' '}
        <button type="button" className="link" data-stay onClick={() => navigator.clipboard.writeText(python)}>
          Copy
        </button>
      </p>
      {masked && <p>Masks are no parameters: they are not saved.</p>}
      <p role="status">{told}</p>
    </section>
  )
}
