import {act} from 'react'
import {createRoot} from 'react-dom/client'
import {expect, it, onTestFinished, vi} from 'vitest'
import {type Later, later} from '@/components/later'
import './renderShell'

const Word = ({text}: {text: string}) => <p>{text}</p>
const Missing = () => <p>not to be had</p>

async function shown(Component: Later<{text: string}>): Promise<HTMLElement> {
  const host = document.body.appendChild(document.createElement('div'))
  const root = createRoot(host)
  await act(async () => root.render(<Component text="here" />))
  onTestFinished(async () => {
    await act(async () => root.unmount())
    host.remove()
  })
  return host
}

it('shows nothing until its script is there, and then the component', async () => {
  let arrive: ((component: typeof Word) => void) | null = null
  const host = await shown(later(() => new Promise<typeof Word>((resolve) => (arrive = resolve)), Missing))
  await vi.waitFor(() => expect(arrive).not.toBeNull())
  expect(host.textContent).toBe('')
  await act(async () => arrive!(Word))
  expect(host.textContent).toBe('here')
})

it('shows at once what was loaded before, and loads it once', async () => {
  let imports = 0
  const Component = later(async () => {
    imports++
    return Word
  }, Missing)
  await Component.load()
  expect((await shown(Component)).textContent).toBe('here')
  expect(imports).toBe(1)
})

it('says so when it cannot be had, and asks again the next time', async () => {
  let online = false
  const Component = later(async () => {
    if (!online) throw new Error('offline')
    return Word
  }, Missing)
  const first = await shown(Component)
  await vi.waitFor(() => expect(first.textContent).toBe('not to be had'))
  online = true
  const second = await shown(Component)
  await vi.waitFor(() => expect(second.textContent).toBe('here'))
})
