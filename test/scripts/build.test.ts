import {mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {hashOfSources} from '@/scripts/build.mjs'

describe('hashOfSources', () => {
  let top: string
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(top, path)), {recursive: true})
    await writeFile(join(top, path), text)
  }

  beforeEach(async () => {
    top = await mkdtemp(join(tmpdir(), 'density-lens-sources-'))
    await put('app/page.tsx', 'page')
    await put('lib/core/grid.ts', 'grid')
    await put('package-lock.json', '{}')
  })
  afterEach(() => rm(top, {recursive: true}))

  it('stays the same while the sources do', async () => {
    const before = await hashOfSources(top)
    await put('app/page.tsx', 'page')
    expect(await hashOfSources(top)).toBe(before)
  })

  it.each([
    ['a changed file', () => put('lib/core/grid.ts', 'grid!')],
    ['a new file', () => put('components/New.tsx', '')],
    ['a moved file', () => rename(join(top, 'app/page.tsx'), join(top, 'app/other.tsx'))],
    ['a removed file', () => rm(join(top, 'app/page.tsx'))],
    ['a changed configuration', () => put('next.config.js', 'export default {}')],
    ['other packages', () => put('package-lock.json', '{"packages": {}}')]
  ])('changes with %s', async (_, change) => {
    const before = await hashOfSources(top)
    await change()
    expect(await hashOfSources(top)).not.toBe(before)
  })

  it.each(['public/examples/digits/card.json', 'test/core/grid.test.ts', '.next/BUILD_ID', 'README.md'])(
    'does not change with %s',
    async (path) => {
      const before = await hashOfSources(top)
      await put(path, 'new')
      expect(await hashOfSources(top)).toBe(before)
    }
  )
})
