'use client'

import {useEffect, useState} from 'react'
import {useLive} from '@/components/live/LiveContext'
import {plural} from '@/lib/core/number'
import type {EncoderInput} from '@/lib/models/encoders/description'
import type {ExampleCard} from '@/lib/state/exampleCard'
import type {LiveStore} from '@/lib/state/live'

type TokenInput = Extract<EncoderInput, {kind: 'tokens'}>

/** A box to write in, read as it is typed; and the example's own texts. */
export function Words({live, input, example}: {live: LiveStore; input: TokenInput; example: ExampleCard | null}) {
  const [text, setText] = useState('')
  const tokens = useLive(({current}) => current?.reading.tokens ?? null)
  useEffect(() => {
    if (text.trim() === '') live.getState().leave()
    else live.getState().give({kind: 'text', text}, 'this text')
  }, [live, text])
  return (
    <div className="try-words">
      <textarea
        aria-label="Text to read"
        placeholder="Write or paste a text"
        rows={3}
        spellCheck={false}
        value={text}
        onChange={({target}) => setText(target.value)}
      />
      {example?.texts && (
        <p className="try-actions">
          <span className="key">Or one on</span>
          {example.texts.map((given, i) => (
            <button key={given} type="button" className="link" onClick={() => setText(given)}>
              {example.classes[i] ?? `text ${i + 1}`}
            </button>
          ))}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <ul className="try-tokens" tabIndex={0} aria-label={tokens ? countOf(tokens.length, input.tokens) : 'Tokens'}>
        {tokens?.map((token, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a token is where it stands
          <li key={i} className={i < input.tokens ? undefined : 'unread'}>
            {token}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The encoder reads no more than it was trained for; the rest is shown and not read. */
const countOf = (tokens: number, most: number) =>
  tokens > most ? `${plural(tokens, 'token')}, the first ${most} are read` : plural(tokens, 'token')
