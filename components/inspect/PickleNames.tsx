'use client'

import {plural} from '@/lib/core/number'
import type {NamedGlobal} from '@/lib/formats/archive'

/** What the file's pickle names: what was left inert and would have run elsewhere, and what is known and harmless. */
export function PickleNames({named}: {named: readonly NamedGlobal[]}) {
  const inert = named.filter(({standing}) => standing === 'inert')
  const known = named.filter(({standing}) => standing !== 'inert')
  return (
    <div className="found">
      <p>
        A pickle is a small program. Here it is read as data: {plural(known.length, 'name')} known and harmless,{' '}
        {inert.length === 0 ? 'none unknown.' : `${plural(inert.length, 'name')} not known and left alone.`} Nothing of
        it has run.
      </p>
      {inert.length > 0 && (
        <>
          <h3>Not known, left alone</h3>
          <ul className="sentences calls">
            {inert.map(({name, calls, callCount}) => (
              <li key={name}>
                {callCount === 0 ? (
                  <>
                    <code>{name}</code> is named and not called.
                  </>
                ) : (
                  <>
                    An ordinary unpickler would have run{callCount > 1 ? ` ${plural(callCount, 'call')}, such as` : ''}
                    {calls.map((call, i) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: the same call may stand there twice
                      <code key={i}>{call}</code>
                    ))}
                  </>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {known.length > 0 && (
        <>
          <h3>Known and harmless</h3>
          <ul className="names">
            {known.map(({name}) => (
              <li key={name}>
                <code>{name}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
