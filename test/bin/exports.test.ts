import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {main} from '@/bin/cli'
import {decodeRecord} from '@/lib/share/record'
import {digits} from '../engine/files'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'density-lens-'))
})
afterAll(() => rm(folder, {recursive: true}))

async function explained(...options: readonly string[]): Promise<string> {
  const said: string[] = []
  const streams = {out: () => {}, error: (text: string) => void said.push(text)}
  const status = await main(
    ['explain', digits('checkpoint.pth'), digits('inputs.npz'), '--backend', 'cpu', ...options],
    streams
  )
  return status === 0 ? '' : said.join('')
}

describe('explain', () => {
  it('writes the ranking and a page beside each other, without the names of files', async () => {
    const [csv, html] = ['ranking.csv', 'page.html'].map((name) => join(folder, name))
    expect(await explained('--csv', csv!, '--html', html!)).toBe('')
    const lines = (await readFile(csv!, 'utf8')).split('\r\n')
    expect(lines.filter((line) => /^\d/.test(line))).toHaveLength(12)
    expect(lines.join('\n')).not.toContain('checkpoint.pth')
    const page = await readFile(html!, 'utf8')
    expect(page).not.toContain('checkpoint.pth')
    const [, record] = /id="record">([^<]*)</.exec(page)!
    const {explanation, left} = await decodeRecord(new Uint8Array(Buffer.from(record!, 'base64')))
    expect(explanation.layers).toHaveLength(12)
    expect([explanation.samples, left]).toEqual([[], ['samples']])
  })

  it('writes every table into a zip, and names the files when it is asked to', async () => {
    const zip = join(folder, 'tables.ZIP')
    expect(await explained('--csv', zip, '--names', 'keep')).toBe('')
    const bytes = await readFile(zip)
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04')
    expect(bytes.toString('utf8')).toContain('Checkpoint: checkpoint.pth, ')
  })

  it('says before the work that a folder cannot be written to', async () => {
    expect(await explained('--html', join(folder, 'nowhere', 'page.html'))).toContain('its folder cannot be written to')
  })
})
