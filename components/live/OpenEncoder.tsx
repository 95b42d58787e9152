'use client'

import {useRef} from 'react'
import {encoderAmong} from '@/lib/state/encoderFiles'
import type {LiveStore} from '@/lib/state/live'

/** While no encoder is open: how to open one beside the checkpoint, and what it has to be. */
export function OpenEncoder({live}: {live: LiveStore}) {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <div className="try-encoder">
      <p className="try-actions">
        <button type="button" className="button" onClick={() => picker.current!.click()}>
          Open an encoder…
        </button>
      </p>
      <input
        ref={picker}
        className="encoder-file"
        type="file"
        accept=".safetensors,.json"
        multiple
        hidden
        onChange={({target}) => {
          const [first, ...others] = target.files ?? []
          if (first) void live.getState().open(encoderAmong([first, ...others]))
          // The same file may be picked again.
          target.value = ''
        }}
      />
      <p className="quiet try-needed">
        The frozen transformer that makes this checkpoint’s inputs: one .safetensors file with its description under{' '}
        <code>encoder</code> in the metadata (docs/encoders.md), for texts its tokenizer.json, too. Or drop it anywhere.
      </p>
    </div>
  )
}
