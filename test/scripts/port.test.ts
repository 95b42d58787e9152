import {createServer} from 'node:net'
import {describe, expect, it} from 'vitest'
import {freePort, requireFree, wantedPort} from '@/scripts/port.mjs'

describe('wantedPort', () => {
  it('is 3000 unless PORT says otherwise', () => {
    expect(wantedPort('8080')).toBe(8080)
    expect(wantedPort('3000')).toBe(3000)
  })

  it.each(['abc', '0', '-1', '70000', '80.5'])('refuses %s', (text) => {
    expect(() => wantedPort(text)).toThrow(`PORT is ${text}; needed a whole number from 1 to 65535`)
  })
})

describe('requireFree', () => {
  it('lets a free port be', async () => {
    await expect(requireFree(await freePort())).resolves.toBeUndefined()
  })

  it.each(['127.0.0.1', undefined])(
    'says which port is taken and how to choose another (listener on %s)',
    async (host) => {
      const port = await freePort()
      const other = createServer()
      await new Promise<void>((resolve) => other.listen(port, host, resolve))
      await expect(requireFree(port)).rejects.toThrow(
        `port ${port} is taken by another program; stop that program or choose another port: PORT=3000 npm start`
      )
      await new Promise((resolve) => other.close(resolve))
    }
  )
})
