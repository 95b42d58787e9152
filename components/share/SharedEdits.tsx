'use client'

import {plural} from '@/lib/core/number'
import {editsInWords} from '@/lib/share/shownAs'
import type {Shared} from '@/lib/state/shared'

/** Said at once; the others on demand. */
const mostShown = 3

/** How what was shared differs from the checkpoint as it lies in its file: its edits one by one, and its version. */
export function SharedEdits({shared: {record}}: {shared: Shared}) {
  const {explanation, shownAs} = record
  if (!shownAs) return null
  const words = editsInWords(explanation, shownAs)
  const {over, version} = shownAs
  const some = over && over[0] < over[1] ? ` Worked out over ${over[0]} of ${plural(over[1], 'input')}.` : ''
  return (
    <span className="shared-edits">
      {version !== null && <span>Version {version} of a watched file. </span>}
      {words.length > 0 && (
        <>
          <b className="shared-stamp edited">Edited</b>
          {words.length <= mostShown ? (
            <span> {words.join('; ')}. These are not the checkpoint’s own numbers.</span>
          ) : (
            <details>
              <summary>{plural(words.length, 'edit')}; these are not the checkpoint’s own numbers</summary>
              <ol>
                {words.map((text, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an edit is known by its place
                  <li key={i}>{text}</li>
                ))}
              </ol>
            </details>
          )}
          {some}
        </>
      )}
    </span>
  )
}
