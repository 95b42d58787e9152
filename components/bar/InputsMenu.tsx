'use client'

import {Caret} from '@/components/controls/Glyphs'
import {Popover} from '@/components/controls/Popover'
import {useRoom} from '@/components/room'
import {shownExplanation, useSession} from '@/components/stores'
import {bytes, plural} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'

/** Where the density maps come from, and how to give other inputs. */
export function InputsMenu() {
  const {pick} = useRoom()
  const explanation = useSession(shownExplanation)
  const files = explanation?.provenance.inputs ?? []
  return (
    <Popover
      className="bar-inputs"
      panelClass="menu"
      button={
        <>
          <span className="key">Inputs</span>
          <b>{explanation ? sourceOf(explanation) : 'none'}</b>
          <Caret />
        </>
      }
    >
      {files.length > 0 && (
        <section className="menu-files">
          <h2>{plural(files.length, 'file')}</h2>
          <ul>
            {files.map((file) => (
              <li key={file.name}>
                <b>{file.name}</b> <span>{bytes(file.size)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p className="menu-note">
        Feature tensors as .npy, .npz, .pt or .safetensors: layers × features, with a time or a batch axis in front if
        there is one. They replace the inputs that are open.
      </p>
      <ul className="menu-actions">
        <li>
          <button type="button" onClick={pick}>
            Open inputs…
          </button>
        </li>
      </ul>
    </Popover>
  )
}

function sourceOf({provenance}: Explanation): string {
  if (provenance.maps === 'saved') return 'none, maps saved in the file'
  if (provenance.maps === 'weights') return 'none, the weights are in the file'
  if (provenance.maps === 'none') return 'none'
  return plural(provenance.samples, 'input')
}
