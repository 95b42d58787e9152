// Small drawings of the bar. All of them decorate a control that has a name of its own.

/** The mark: a Gaussian crossed by the reader's yellow line. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 26 22" width="26" height="22" aria-hidden="true">
      <path className="mark-line" d="M1 11H25" />
      <path className="mark-ground" d="M1 19.5H25" />
      <path className="mark-curve" d="M2 19C8.5 19 9.2 3 13 3S17.5 19 24 19" />
    </svg>
  )
}

export function Caret() {
  return (
    <svg className="caret" viewBox="0 0 10 6" width="10" height="6" aria-hidden="true">
      <path d="M1 1l4 4 4-4" />
    </svg>
  )
}

export function HalfMoon() {
  return (
    <svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">
      <circle cx="9" cy="9" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M9 2.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor" />
    </svg>
  )
}

export function QuestionMark() {
  return (
    <svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">
      <path
        d="M6.2 6.6a2.8 2.8 0 1 1 4.3 2.4c-1 .6-1.5 1.1-1.5 2.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
      <circle cx="9" cy="14" r="1" fill="currentColor" />
    </svg>
  )
}
