/** What a person chose; `system` follows the device. */
export type Theme = 'light' | 'dark' | 'system'

const key = 'density-lens-theme'

/**
 * Runs in the head before the first paint, so that no page flashes in the wrong theme. `?theme=` is for tests and
 * pictures; it is not kept.
 */
export const themeScript = `(() => {
  const asked = new URLSearchParams(location.search).get('theme')
  let kept = null
  try { kept = localStorage.getItem('${key}') } catch {}
  const wish = [asked, kept].find((theme) => theme === 'light' || theme === 'dark')
  const dark = wish ? wish === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()`

/** What was chosen before. */
export function keptTheme(): Theme {
  try {
    const kept = localStorage.getItem(key)
    return kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    return 'system'
  }
}

/** Shows a theme and keeps it for the next visit, where the browser lets us. */
export function chooseTheme(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, theme)
  } catch {
    // Storage may be closed to us; the theme then lasts as long as the page.
  }
  showTheme(theme)
}

/** Follows the device while nothing else is chosen. Returns how to stop. */
export function followDevice(): () => void {
  const device = matchMedia('(prefers-color-scheme: dark)')
  const follow = () => {
    if (keptTheme() === 'system') showTheme('system')
  }
  device.addEventListener('change', follow)
  return () => device.removeEventListener('change', follow)
}

function showTheme(theme: Theme) {
  const dark = theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark'
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}
