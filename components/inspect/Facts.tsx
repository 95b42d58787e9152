'use client'

/** A few facts beside each other, each under its name. */
export function Facts({facts}: {facts: readonly (readonly [term: string, value: string])[]}) {
  return (
    <dl className="facts">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
