'use client'

import {Picture} from '@/components/foot/Picture'
import {useNotes} from '@/components/notes/NotesContext'
import {count} from '@/lib/core/number'
import type {SamplePictures} from '@/lib/engine/protocol'
import type {InputTile as Tile} from '@/lib/views/inputPage'

export interface InputTileProps {
  tile: Tile
  /** What it asks, else the file and number that it came under. */
  name: string
  classes: readonly string[] | null
  pictures: SamplePictures | null
  chosen: boolean
  onChoose: () => void
}

/** One input: its picture or its number, and under it the predicted class, crossed when it is wrong. */
export function InputTile({tile, name, classes, pictures, chosen, onChoose}: InputTileProps) {
  const {index, predicted, label, correct} = tile
  const noted = useNotes(({notes}) => notes.some(({at}) => at.on === 'sample' && at.sample === index), false)
  const spell = (of: number) => classes?.[of] ?? String(of)
  const said = [
    `Input ${index + 1}`,
    name,
    predicted === null ? '' : `predicted ${spell(predicted)}`,
    correct === false ? `wrong, labelled ${spell(label!)}` : '',
    noted ? 'with a note' : ''
  ]
  return (
    <label
      className={`tile${correct === false ? ' wrong' : ''}${noted ? ' noted' : ''}`}
      title={said.filter(Boolean).join(', ')}
    >
      <input
        type="radio"
        name="input"
        className="visually-hidden"
        checked={chosen}
        onChange={onChoose}
        aria-label={said.filter(Boolean).join(', ')}
      />
      {pictures ? <Picture pictures={pictures} index={index} /> : <span className="number">{count(index + 1)}</span>}
      {predicted !== null && (
        <span className="verdict">
          {shortName(spell(predicted), pictures ? 5 : correct === false ? 3 : 4)}
          {correct === false && <span className="cross">✗</span>}
        </span>
      )}
    </label>
  )
}

// A tile is 27 px wide: under a picture so wide are five letters, and three beside a cross. The whole is in its title.
const shortName = (name: string, most: number) => (name.length > most ? name.slice(0, 3) : name)
