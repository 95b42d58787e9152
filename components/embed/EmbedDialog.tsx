'use client'

import {useId, useState} from 'react'
import {Choice} from '@/components/controls/Choice'
import {Dialog} from '@/components/controls/Dialog'
import {elementCode, embedAddress, frameCode, notebookCode, type PanelName, panelNames} from '@/lib/share/embed'

const titles: Readonly<Record<PanelName, string>> = {
  ranking: 'Ranking',
  learned: 'Learned part',
  map: 'Heatmap',
  gaussians: 'Gaussians',
  signal: 'Signal'
}
const all = Object.keys(panelNames) as PanelName[]
const height = 480

/** What to write into another page, or a notebook, for its readers to see this figure there; with a preview. */
export function EmbedDialog({id, title, onClose}: {id: string; title: string; onClose: () => void}) {
  const [chosen, setChosen] = useState<readonly PanelName[]>(['ranking', 'map'])
  const [theme, setTheme] = useState<'system' | 'light' | 'dark'>('system')
  const turn = (name: PanelName) =>
    setChosen(all.filter((other) => (other === name ? !chosen.includes(name) : chosen.includes(other))))
  const embedding = {panels: chosen, ...(theme === 'system' ? {} : {theme})}
  const address = embedAddress(location.origin, id, embedding)
  return (
    <Dialog title="Embed this figure" className="wide embed-dialog" onClose={onClose}>
      <div className="embed-choices">
        <fieldset className="embed-panels">
          <legend className="key">Panels</legend>
          {all.map((name) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                // The last one stays.
                disabled={chosen.length === 1 && chosen.includes(name)}
                onChange={() => turn(name)}
              />
              {titles[name]}
            </label>
          ))}
        </fieldset>
        <Choice
          label="Theme"
          labelled
          options={[
            {value: 'system', text: 'As the reader’s'},
            {value: 'light', text: 'Light'},
            {value: 'dark', text: 'Dark'}
          ]}
          value={theme}
          onChange={setTheme}
        />
      </div>
      <iframe className="embed-preview" src={address} title="Preview" />
      <Snippet name="Web page" code={frameCode(address, title, {width: '100%', height})} />
      <Snippet name="Web component, as high as its rows" code={elementCode(location.origin, id, embedding)} />
      <Snippet name="Notebook" code={notebookCode(address, height)} />
      <p className="quiet">
        No content network, no tracking: readers’ browsers ask this site alone. What is embedded is gone when the
        explanation expires or is deleted.
      </p>
    </Dialog>
  )
}

function Snippet({name, code}: {name: string; code: string}) {
  const id = useId()
  const [copied, setCopied] = useState('')
  return (
    <div className="embed-snippet">
      <div>
        <label htmlFor={id}>{name}</label>
        <button
          type="button"
          className="link"
          onClick={() => void navigator.clipboard.writeText(code).then(() => setCopied(code))}
        >
          {copied === code ? 'Copied' : 'Copy'}
          <span className="visually-hidden"> the code for: {name}</span>
        </button>
      </div>
      <textarea
        id={id}
        readOnly
        rows={code.includes('\n') ? 2 : 3}
        value={code}
        onFocus={({target}) => target.select()}
      />
    </div>
  )
}
