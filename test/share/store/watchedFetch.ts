import {vi} from 'vitest'

/** Refuses and notes every address that is fetched, but those that hold what they name. */
export function watchedFetch(): string[] {
  const asked: string[] = []
  const {fetch} = globalThis
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const address = input instanceof Request ? input.url : String(input)
    // The renderer's layout engine comes as one.
    if (address.startsWith('data:')) return fetch(input, init)
    asked.push(address.slice(0, 200))
    throw new Error(`asked ${address.slice(0, 200)}`)
  })
  return asked
}
