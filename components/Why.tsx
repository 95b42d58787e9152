'use client'

import {Popover} from '@/components/controls/Popover'
import {fixed} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'

/** Why the ranking never stands alone, and everything else these numbers can and cannot mean. */
export function Why({explanation}: {explanation: Explanation}) {
  const {axes, caveats, agreement} = explanation
  const row = axes?.rowName ?? 'layer'
  return (
    <Popover className="link" panelClass="why" button="Why">
      <h2>What these numbers can and cannot mean</h2>
      {axes?.plane ? (
        <p>
          Every {row} shares out its attention in full, so in all they attend the same, trained or not, up to what lies
          beyond an input’s edge. What tells {row}s apart is where they attend and how sharply.
        </p>
      ) : (
        <p>
          Each head compares a feature over its own {row}s only: it takes off their mean and divides by their spread. A{' '}
          {row} that lies near that mean gets a density near 1, whatever the model learned; in a residual stream that is
          most often the middle one.
        </p>
      )}
      {agreement && (
        <p>
          So the same inputs also went through the module as it is before training. Its ranking correlates with the
          trained one at <b>r = {fixed(agreement.r, 3)}</b>, and {agreement.sameRanks} of {agreement.of} ranks are the
          same. What training changed is panel b, in density units, with an interval over inputs.
        </p>
      )}
      {caveats.length > 0 && (
        <ul>
          {caveats.map(({id, text}) => (
            <li key={id}>{text}</li>
          ))}
        </ul>
      )}
    </Popover>
  )
}
