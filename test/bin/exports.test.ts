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

  it('writes the figure as a picture with real text, its fonts, where it comes from and what to know before', async () => {
    const path = join(folder, 'figure.svg')
    expect(await explained('--svg', path)).toBe('')
    const svg = await readFile(path, 'utf8')
    expect(svg).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="1280" /
    )
    expect(svg.match(/@font-face/g)).toHaveLength(3)
    expect(svg.match(/<image id="heatmap"[^>]* href="data:image\/png;base64,iVBOR/g)).toHaveLength(1)
    for (const letter of ['a', 'b', 'c', 'd', 'e']) expect(svg).toContain(`id="panel-${letter}"`)
    const words = svg.replace(/<style>[^<]*<\/style>/, '')
    expect(words).toMatch(/SHA-256 [0-9a-f]{64}/)
    expect(words).toContain('What to know before believing it')
    expect(words).not.toMatch(/checkpoint\.pth|undefined|NaN|var\(--| class=| style=/)
  })

  it('names the files in the picture when it is asked to', async () => {
    const path = join(folder, 'named.svg')
    expect(await explained('--svg', path, '--names', 'keep')).toBe('')
    expect(await readFile(path, 'utf8')).toContain('checkpoint.pth, ')
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
