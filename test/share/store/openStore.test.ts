import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, it} from 'vitest'
import {openStore} from '@/lib/share/store/openStore'

it('opens a folder of files for file:FOLDER and file://FOLDER', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dl-open-'))
  for (const place of [`file:${folder}/a`, `file://${folder}/b`]) {
    expect((await openStore({DENSITY_LENS_STORE: place})).name).toMatch(/^files in /)
  }
  rmSync(folder, {recursive: true})
})

it.each(['mysql://user:secret@host/x', 'redis:x', '/some/folder'])(
  'refuses %s, and does not repeat it',
  async (place) => {
    const opening = openStore({DENSITY_LENS_STORE: place})
    await expect(opening).rejects.toThrow(/^DENSITY_LENS_STORE: found .*; needed file:…, postgres:\/\/… or s3:\/\/…$/)
    await expect(opening).rejects.not.toThrow(/secret|folder/)
  }
)

it('refuses an S3 address without keys, and names the one that is missing', async () => {
  await expect(openStore({DENSITY_LENS_STORE: 's3://bucket', AWS_ACCESS_KEY_ID: 'x'})).rejects.toThrow(
    /AWS_SECRET_ACCESS_KEY is empty/
  )
})
