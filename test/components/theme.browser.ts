import {afterEach, expect, it} from 'vitest'
import {chooseTheme, keptTheme, themeScript} from '@/components/theme'

const page = document.documentElement
// The very text that is served in the page's head.
const run = () => new Function(themeScript)()

afterEach(() => {
  localStorage.clear()
  delete page.dataset.theme
})

it('a chosen theme is on at once and on the next visit', () => {
  chooseTheme('dark')
  expect(page.dataset.theme).toBe('dark')
  delete page.dataset.theme
  run()
  expect([page.dataset.theme, keptTheme()]).toEqual(['dark', 'dark'])
})

it('without a choice the device decides', () => {
  chooseTheme('dark')
  chooseTheme('system')
  run()
  const device = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  expect([page.dataset.theme, keptTheme()]).toEqual([device, 'system'])
})

it('what storage holds is believed only when it is a theme', () => {
  localStorage.setItem('density-lens-theme', 'purple')
  run()
  expect(keptTheme()).toBe('system')
  expect(['light', 'dark']).toContain(page.dataset.theme)
})
