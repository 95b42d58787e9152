'use client'

import {useEffect, useState} from 'react'
import {Choice} from '@/components/controls/Choice'
import {HalfMoon} from '@/components/controls/Glyphs'
import {Popover} from '@/components/controls/Popover'
import {chooseTheme, followDevice, keptTheme, type Theme} from '@/components/theme'

const themes = [
  {value: 'light', text: 'Light'},
  {value: 'dark', text: 'Dark'},
  {value: 'system', text: 'As the device'}
] as const

/** Light, dark, or whatever the device says. */
export function ThemeMenu() {
  const [theme, setTheme] = useState<Theme>('system')
  useEffect(() => {
    setTheme(keptTheme())
    return followDevice()
  }, [])
  const choose = (next: Theme) => {
    setTheme(next)
    chooseTheme(next)
  }
  return (
    <Popover className="bar-icon" panelClass="note" label="Theme" button={<HalfMoon />}>
      <Choice label="Theme" options={themes} value={theme} onChange={choose} />
    </Popover>
  )
}
