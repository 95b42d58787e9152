import {afterEach, expect, it} from 'vitest'
import {holdPage, isAcross} from '@/lib/draw/holdPage'

afterEach(() => document.body.replaceChildren())

/** A finger that comes down, goes along these places and lifts; which of its movements the page does not get. */
function finger(surface: HTMLElement, ...along: readonly (readonly [x: number, y: number])[]): boolean[] {
  const send = (type: string, [clientX, clientY]: readonly [number, number]) => {
    const touches = [new Touch({identifier: 1, target: surface, clientX, clientY})]
    return !surface.dispatchEvent(new TouchEvent(type, {touches, cancelable: true, bubbles: true}))
  }
  send('touchstart', [100, 100])
  return along.map((place) => send('touchmove', place))
}

const surface = () => document.body.appendChild(document.createElement('div'))

it('holds the page from where a finger goes across, to the end of that drag, and scrolls it for any other', () => {
  const strip = surface()
  holdPage(strip, isAcross)
  expect(finger(strip, [104, 120], [130, 125], [140, 200])).toEqual([false, true, true])
  expect(finger(strip, [104, 120], [108, 180])).toEqual([false, false])
})

it('leaves the page alone where no drag has begun, and once it is told to stop', () => {
  const strip = surface()
  const over = new AbortController()
  let drags = false
  holdPage(strip, () => drags, over)
  expect(finger(strip, [160, 100])).toEqual([false])
  drags = true
  expect(finger(strip, [160, 100])).toEqual([true])
  over.abort()
  expect(finger(strip, [160, 100])).toEqual([false])
})
