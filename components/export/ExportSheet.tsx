'use client'

import {useEffect, useId, useMemo, useRef, useState} from 'react'
import {Choice} from '@/components/controls/Choice'
import {Dialog} from '@/components/controls/Dialog'
import type {ExportKind} from '@/components/export/exportFile'
import type {ExportSubject} from '@/components/export/exportSubject'
import {useExport} from '@/components/export/useExport'
import {useNoteList} from '@/components/notes/NotesContext'
import {type InputChoices, InputsRow} from '@/components/share/InputsRow'
import {useLens, useSession, useStores} from '@/components/stores'
import {useSupposed, useWhatIf} from '@/components/whatIf/EditsContext'
import {useStandIn} from '@/components/whatIf/standIn'
import {grid} from '@/lib/core/grid'
import {bytes, count, fixed, plural} from '@/lib/core/number'
import {largestScale} from '@/lib/draw/exportPng'
import type {Explanation} from '@/lib/explain/explanation'
import {exportLabel} from '@/lib/share/exportLabel'
import {type InputChoice, inputsBy} from '@/lib/share/inputChoice'
import {type FileNames, named, namesOf} from '@/lib/share/named'
import {toldAsEdited} from '@/lib/share/shownAs'
import {viewOf} from '@/lib/state/lensView'
import {exportFigure} from '@/lib/views/exportFigure'
import {exportSheet} from '@/lib/views/exportSheet'
import {exportTables} from '@/lib/views/exportTables'
import {planeAxes} from '@/lib/views/plane'

/** What is shown, as files: each is made when it is asked for, and says where its numbers come from. */
export function ExportSheet({onClose}: {onClose: () => void}) {
  const open = useSession(({explanation}) => explanation)
  const shown = useStandIn() ?? open
  return shown && open ? <Sheet shown={shown} open={open} onClose={onClose} /> : null
}

function Sheet({shown, open, onClose}: {shown: Explanation; open: Explanation; onClose: () => void}) {
  const [named, setNamed] = useState(false)
  const [scale, setScale] = useState(2)
  const names = named ? namesOf(shown) : null
  const [along, setAlong] = useState<InputChoices>({inputs: 'none', pictures: false})
  const {subject, counts, pictured, asks} = useSubject(shown, open, {names, along})
  const {state, save, cancel} = useExport()
  const tables = useMemo(() => exportTables(shown), [shown])
  const row = (kind: ExportKind) => ({
    onSave: () => save(kind, subject, scale),
    busy: state.kind === 'making' && state.what === kind
  })
  return (
    <Dialog title="Export this figure" className="share-sheet export-sheet" onClose={onClose}>
      <p>
        Every file says where its numbers come from and what to know before believing them. Nothing leaves this page.
      </p>
      <ul className="share-parts">
        <FileRow title="Web page" ending=".html" {...row('html')} first>
          One file that opens offline, with the figure alive: point, pin, zoom, reorder
        </FileRow>
        <FileRow title="SVG" ending=".svg" {...row('svg')}>
          The figure in the light theme, with real text and its fonts inside
        </FileRow>
        <FileRow title="PNG" ending=".png" {...row('png')}>
          <Scale subject={subject} scale={scale} onScale={setScale} />
        </FileRow>
        {tables.length > 0 && (
          <>
            <FileRow title={tables[0]!.title} ending=".csv" {...row('csv')}>
              {plural(tables[0]!.rows, 'row')} with every digit; its notes begin with #
            </FileRow>
            <FileRow title="Every table" ending=".zip" {...row('tables')}>
              {plural(tables.length, 'CSV file')}: {tables.map(({id}) => id.replaceAll('_', ' ')).join(', ')}
            </FileRow>
          </>
        )}
        <FileRow title="NumPy arrays" ending=".npz" {...row('npz')}>
          Under the names that the command line gives them
        </FileRow>
        <FileRow title="JSON" ending=".json" {...row('json')}>
          The whole explanation, as this app and the command line write it
        </FileRow>
        <InputsRow
          counts={counts}
          selected={subject.view.sample ?? null}
          pictured={pictured}
          choices={along}
          onChange={(to) => setAlong((was) => ({...was, ...to}))}
          sizes={{inputs: '', pictures: ''}}
          title={subject.explanation.axes?.plane ? 'Single inputs, in page, SVG and PNG' : 'Single inputs, in the page'}
          what={
            subject.explanation.axes?.plane
              ? 'The page takes these along, SVG and PNG the one that is looked at'
              : 'Labels, logits and probabilities of'
          }
          pictures={asks ? 'Pictures and questions of these inputs' : 'Pictures of these inputs'}
        />
        <Names names={namesOf(shown)} named={named} onNamed={setNamed} />
      </ul>
      <Outcome state={state} onCancel={cancel} />
    </Dialog>
  )
}

interface Allowed {
  readonly names: FileNames | null
  readonly along: InputChoices
}

/** What the figure shows, how it is looked at, and what of it may be said. */
function useSubject(shown: Explanation, open: Explanation, {names, along}: Allowed) {
  const {session, lens} = useStores()
  const view = useMemo(() => viewOf(lens.getState()), [lens])
  const sample = useLens(({sample, sampleMap}) => (sampleMap ? sample : null))
  const map = useSession(({sampleMap}) => sampleMap)
  const files = useSession(({files}) => files !== null)
  const pictures = useSession(({pictures}) => pictures)
  const card = useSession(({example}) => example)
  const supposed = useSupposed()
  const edits = useWhatIf()?.edits
  const notes = useNoteList()
  const own =
    map && map.sample === sample && shown === open
      ? {values: grid(map.rows, map.cols, map.values), name: `input ${map.sample + 1}`}
      : null
  // What is read live is none of the inputs, so neither their choice nor their pictures are its own.
  const isLive = shown !== open && shown !== supposed
  const by = useMemo(() => inputsBy(isLive ? {samples: []} : shown, view.sample ?? null), [isLive, shown, view])
  const {engineHolds, sampleMapOf, samplingPoints} = session.getState()
  // Maps of single inputs are the open model's own: an edited one has others.
  const here = files && shown === open
  const pictured = along.inputs !== 'none' && along.pictures && !isLive
  const subject: ExportSubject = {
    explanation: shown,
    view,
    own,
    notes,
    edits: supposed && shown === supposed ? (edits ?? []) : [],
    names,
    sampleMap: here
      ? async (index) => {
          await engineHolds()
          return sampleMapOf(index)
        }
      : null,
    samplingPoints:
      here && shown.model.family === 'deformable-audio'
        ? async (...asked) => {
            await engineHolds()
            return samplingPoints(...asked)
          }
        : null,
    inputs: {
      chosen: by[along.inputs],
      pictures: pictured ? pictures : null,
      questions: pictured ? (card?.questions ?? null) : null
    }
  }
  const counts = Object.fromEntries(Object.entries(by).map(([choice, inputs]) => [choice, inputs.length]))
  return {
    subject,
    counts: counts as Readonly<Record<InputChoice, number>>,
    pictured: pictures !== null && !isLive,
    asks: card?.questions !== undefined
  }
}

interface FileRowProps {
  readonly title: string
  readonly ending: string
  readonly busy: boolean
  readonly onSave: () => void
  readonly first?: boolean
  readonly children: React.ReactNode
}

function FileRow({title, ending, busy, onSave, first = false, children}: FileRowProps) {
  const id = useId()
  return (
    <li>
      <div>
        <span id={id}>
          {title} <span className="gloss">{ending}</span>
        </span>
        <small>{children}</small>
      </div>
      <button
        type="button"
        className="button"
        aria-describedby={id}
        aria-label={`Save ${title}, ${ending}`}
        aria-busy={busy}
        {...(first ? {'data-focus': true} : {})}
        onClick={onSave}
      >
        Save
      </button>
    </li>
  )
}

const usual = ['1', '2', '3'] as const

/** How many pixels the picture has; any number of times the figure's, as long as a canvas holds them. */
function Scale({subject, scale, onScale}: {subject: ExportSubject; scale: number; onScale: (scale: number) => void}) {
  const {explanation, view, notes, names, edits} = subject
  const plane = usePlaneHeight(subject)
  // As it will be told: names of files and edits take lines.
  const sheet = useMemo(() => {
    const told = toldAsEdited(named(explanation, names), edits)
    const label = exportLabel(told, {date: new Date(), notes})
    return exportSheet(label, exportFigure(told, view).marks.layout, plane)
  }, [explanation, view, notes, names, edits, plane])
  const most = largestScale(sheet)
  const fits = scale > 0 && scale <= most
  return (
    <span className="export-scale">
      <Choice
        label="Scale of the PNG"
        options={usual.map((value) => ({value, text: `${value}×`}))}
        value={
          (usual as readonly string[]).includes(String(scale))
            ? (String(scale) as (typeof usual)[number])
            : ('' as never)
        }
        onChange={(value) => onScale(Number(value))}
      />
      <label>
        or{' '}
        <input
          type="number"
          min="0.1"
          max={most}
          step="any"
          value={scale || ''}
          aria-label="Any scale of the PNG"
          aria-invalid={!fits}
          onChange={({target}) => onScale(Number(target.value))}
        />{' '}
        times
      </label>
      <span className="export-pixels">
        {fits
          ? `${count(Math.round(sheet.width * scale))} × ${count(Math.round(sheet.height * scale))} pixels`
          : `needs a scale above 0, and of at most ${fixed(most, 1)}`}
      </span>
    </span>
  )
}

/** How high attention on the input stands, which depends on what may be said of an input; null where there is none. */
function usePlaneHeight(subject: ExportSubject): {readonly height: number} | null {
  const [plane, setPlane] = useState<{readonly height: number} | null>(null)
  const latest = useRef(subject)
  useEffect(() => {
    latest.current = subject
  })
  const {explanation, view, inputs} = subject
  const told = `${inputs.chosen.includes(view.sample ?? -1)} ${inputs.pictures !== null}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is told of an input changes its height
  useEffect(() => {
    if (!planeAxes(explanation)) return
    let left = false
    const measure = async () => {
      const {planeOnPaper} = await import('@/components/export/planeOnPaper')
      const {marks} = exportFigure(explanation, view)
      const measured = await planeOnPaper(latest.current, marks.layout.width)
      if (!left) setPlane(measured)
    }
    // Without it the picture is a little higher than it is said to be.
    measure().catch(() => {})
    return () => {
      left = true
    }
  }, [explanation, view, told])
  return plane
}

interface NamesProps {
  readonly names: FileNames
  readonly named: boolean
  readonly onNamed: (named: boolean) => void
}

/** Files have no names unless they are asked for; sizes and SHA-256 always go along. */
function Names({names, named, onNamed}: NamesProps) {
  const id = useId()
  return (
    <li>
      <input id={id} type="checkbox" checked={named} onChange={({target}) => onNamed(target.checked)} />
      <label htmlFor={id}>
        File names
        <small>
          {named ? [names.checkpoint, ...names.inputs.slice(0, 3)].join(', ') : 'Left out unless you tick this'}
        </small>
      </label>
    </li>
  )
}

function Outcome({state, onCancel}: {state: ReturnType<typeof useExport>['state']; onCancel: () => void}) {
  return (
    <>
      <p className="share-size" role="status">
        {state.kind === 'making' && state.visible && `${state.text}… `}
        {state.kind === 'saved' &&
          `Saved ${state.name}, ${bytes(state.size)}.${state.left ? ` ${state.left.charAt(0).toUpperCase()}${state.left.slice(1)}` : ''}`}
      </p>
      {state.kind === 'making' && state.visible && (
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      )}
      {state.kind === 'failed' && (
        <p className="export-failed" role="alert">
          {state.why}
        </p>
      )}
    </>
  )
}
