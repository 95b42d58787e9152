'use client'

import {useMemo} from 'react'
import {type NoteBlock, type NoteInline, noteBlocks} from '@/lib/views/noteText'

/** A note as it reads: text becomes elements here and nowhere else, so no note can bring its own. */
export function NoteText({text}: {text: string}) {
  const blocks = useMemo(() => noteBlocks(text), [text])
  return (
    <div className="note-text" dir="auto">
      {blocks.map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a block is known by its place
        <Block key={i} block={block} />
      ))}
    </div>
  )
}

function Block({block}: {block: NoteBlock}) {
  if (block.kind === 'code') return <pre>{block.text}</pre>
  if (block.kind === 'paragraph') return <p>{inline(block.parts)}</p>
  const items = block.items.map((parts, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: an item is known by its place
    <li key={i}>{inline(parts)}</li>
  ))
  return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>
}

const inline = (parts: readonly NoteInline[]) =>
  parts.map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a stretch is known by its place
    <Inline key={i} part={part} />
  ))

function Inline({part}: {part: NoteInline}) {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'code':
      return <code>{part.text}</code>
    case 'strong':
      return <strong>{inline(part.parts)}</strong>
    case 'em':
      return <em>{inline(part.parts)}</em>
    case 'link':
      return (
        <>
          <a href={part.href} rel="noopener noreferrer nofollow" target="_blank">
            {inline(part.parts)}
          </a>
          {part.host !== null && <span className="note-host"> ({part.host})</span>}
        </>
      )
  }
}
