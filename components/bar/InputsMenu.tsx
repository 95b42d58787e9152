'use client'

import {Caret} from '@/components/controls/Glyphs'
import {Popover} from '@/components/controls/Popover'
import {useRoom} from '@/components/room'
import {shownExplanation, useSession} from '@/components/stores'
import {bytes, plural} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'

/** More files than this are counted: a folder may hold thousands. */
const mostFiles = 12

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
            {files.slice(0, mostFiles).map((file, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: files of two folders may have one name, and none moves.
              <li key={index}>
                <b>{file.name}</b> <span>{bytes(file.size)}</span>
              </li>
            ))}
            {files.length > mostFiles && <li>and {plural(files.length - mostFiles, 'more file', 'more files')}</li>}
          </ul>
        </section>
      )}
      <p className="menu-note">
        Feature tensors as .npy, .npz, .pt or .safetensors: layers × features, with a time or a batch axis in front if
        there is one; one file, a folder of thousands, or a file of many arrays. They replace the inputs that are open.
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
