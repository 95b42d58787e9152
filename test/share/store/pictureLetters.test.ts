import {ImageResponse} from 'next/og'
import {createElement} from 'react'
import {afterEach, expect, it, vi} from 'vitest'
import {SharedCard} from '@/components/shared/SharedCard'
import {pictureFonts} from '@/lib/share/store/pictureFonts'
import {type Card, type CardText, cardSize, drawable} from '@/lib/views/card'
import {watchedFetch} from './watchedFetch'

// The renderer's programs are compiled with the first picture, which takes long on a busy machine.
vi.setConfig({testTimeout: 60_000})

afterEach(() => vi.restoreAllMocks())

it('every letter that a picture draws is in each of its fonts, so that none is asked for elsewhere', async () => {
  const letters = Array.from({length: 0xd7ff}, (_, i) => String.fromCodePoint(i + 32)).filter(
    (letter) => drawable(letter) === letter
  )
  expect(letters.length).toBeGreaterThan(400)
  const lines = (['serif', 'sans'] as const).flatMap((face) => [true, false].map((bold) => ({face, bold})))
  const texts = lines.map(
    (line, i): CardText => ({
      ...line,
      x: 0,
      y: 40 + i * 40,
      size: 20,
      text: letters.join(''),
      anchor: 'start',
      fill: '#000'
    })
  )
  const asked = watchedFetch()
  const card: Card = {...cardSize, texts, rects: [], paths: [], map: null, label: ''}
  const fonts = [...(await pictureFonts())]
  await new ImageResponse(createElement(SharedCard, {card, map: null}), {...cardSize, fonts}).arrayBuffer()
  expect(asked).toEqual([])
})
