'use client'

import {type ReactNode, useEffect, useId, useRef} from 'react'

export interface PopoverProps {
  /** What the button holds. */
  button: ReactNode
  /** Named for those who do not see the button's picture. */
  label?: string
  className?: string
  children: ReactNode
  panelClass?: string
}

const margin = 8

/** A button and the panel it opens: the platform's own popover, which closes on Escape and on a press outside. */
export function Popover({button, label, className, children, panelClass}: PopoverProps) {
  const id = useId()
  const opener = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const element = panel.current!
    const place = (event: Event) => {
      if ((event as ToggleEvent).newState === 'open') placeUnder(element, opener.current!)
    }
    element.addEventListener('toggle', place)
    return () => element.removeEventListener('toggle', place)
  }, [])

  // A choice made inside closes the panel; a choice that stays open says so.
  const closeAfterChoice = (event: {target: EventTarget}) => {
    if ((event.target as Element).closest('button:not([data-stay])')) panel.current!.hidePopover()
  }

  return (
    <>
      <button ref={opener} type="button" className={className} popoverTarget={id} aria-label={label}>
        {button}
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the click listened for is that of the buttons inside */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: buttons turn keys into clicks */}
      <div
        ref={panel}
        id={id}
        popover="auto"
        className={panelClass ? `popover ${panelClass}` : 'popover'}
        onClick={closeAfterChoice}
      >
        {children}
      </div>
    </>
  )
}

function placeUnder(panel: HTMLElement, opener: HTMLElement) {
  const under = opener.getBoundingClientRect()
  const {width, height} = panel.getBoundingClientRect()
  const left = Math.max(margin, Math.min(under.left, document.documentElement.clientWidth - width - margin))
  const below = under.bottom + 4
  const fits = below + height + margin <= window.innerHeight
  panel.style.left = `${left}px`
  panel.style.top = `${fits ? below : Math.max(margin, window.innerHeight - height - margin)}px`
}
