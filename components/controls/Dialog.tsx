'use client'

import {type MouseEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef} from 'react'

export interface DialogProps {
  title: string
  onClose: () => void
  className?: string
  children: ReactNode
}

/** A modal dialog, open for as long as it is rendered: the platform keeps the focus inside and gives it back. */
export function Dialog({title, onClose, className, children}: DialogProps) {
  const heading = useId()
  const element = useRef<HTMLDialogElement>(null)

  useEffect(() => {
    const dialog = element.current!
    dialog.showModal()
    // The browser would choose the button that closes it.
    const first = dialog.querySelector<HTMLElement>('[data-focus]')
    ;(first ?? dialog.querySelector<HTMLElement>('form :checked, h2'))?.focus({preventScroll: true})
    // It is read from its title on, wherever in it the focus stands.
    dialog.scrollTop = 0
  }, [])
  // Closed while it still stands in the page: only then the browser gives the focus back.
  useLayoutEffect(() => {
    const dialog = element.current!
    return () => dialog.close()
  }, [])

  const closeOutside = (event: MouseEvent) => {
    if (event.target === element.current) onClose()
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={element}
      aria-labelledby={heading}
      className={className ? `dialog ${className}` : 'dialog'}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={closeOutside}
    >
      <div className="dialog-body">
        <div className="dialog-head">
          <h2 id={heading} tabIndex={-1}>
            {title}
          </h2>
          <button type="button" className="close" aria-label="Close" onClick={onClose}>
            <span aria-hidden="true">×</span>
          </button>
        </div>
        {children}
      </div>
    </dialog>
  )
}
