'use client'

import {useEffect, useState} from 'react'
import {useLive} from '@/components/live/LiveContext'
import {plural} from '@/lib/core/number'
import type {ExampleCard} from '@/lib/state/exampleCard'
import type {LiveStore} from '@/lib/state/live'

/** A box to write in, read as it is typed; and the example's own texts. */
export function Words({live, example}: {live: LiveStore; example: ExampleCard | null}) {
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
      <ul className="try-tokens" tabIndex={0} aria-label={tokens ? plural(tokens.length, 'token') : 'Tokens'}>
        {tokens?.map((token, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a token is where it stands
          <li key={i}>{token}</li>
        ))}
      </ul>
    </div>
  )
}
