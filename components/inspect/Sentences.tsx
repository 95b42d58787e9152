'use client'

/** A titled list of sentences; nothing where there are none. */
export function Sentences({title, sentences}: {title: string; sentences: readonly string[]}) {
  if (sentences.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul className="sentences">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  )
}
