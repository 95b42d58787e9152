import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {fileStore} from '@/lib/share/store/fileStore'
import {postgresStore} from '@/lib/share/store/postgresStore'
import {s3Store} from '@/lib/share/store/s3Store'
import type {Store} from '@/lib/share/store/store'
import {keepUntil, sample} from './contract'
import {givenS3} from './givenS3'
import {killWriters} from './killWriters'
import {startPostgres} from './postgres'
import {keys, startS3Server} from './s3Server'

// A look at each store; `npm run kill` takes its time.
const asked = Number(process.env.KILLS ?? 0)
const kills = {files: asked || 25, postgres: asked || 8, s3: asked || 4}
const timeout = 60_000 + asked * 3000

const folder = mkdtempSync(join(tmpdir(), 'dl-kill-'))
const postgres = await startPostgres()
const s3 = await startS3Server()
afterAll(async () => {
  await Promise.all([postgres?.stop(), s3.stop()])
  rmSync(folder, {recursive: true, force: true})
})

async function expectNothingLost(store: Store, environment: Record<string, string>, count: number) {
  const outcome = await killWriters(store, environment, {kills: count})
  console.log(
    `${store.name}: ${outcome.kills} kills, ${outcome.acknowledged} acknowledged, ${outcome.unacknowledged} kept ` +
      `unacknowledged, ${outcome.lost.length} lost, ${outcome.torn.length} torn`
  )
  expect(outcome).toMatchObject({lost: [], torn: []})
  expect(outcome.acknowledged).toBeGreaterThan(0)
  // No repair: it goes on as it lies.
  const {id, bytes} = sample()
  expect(await store.put(id, bytes, keepUntil())).toBe('created')
  await store.close()
}

describe('a server that is killed while it writes loses nothing it has acknowledged, and tears nothing', () => {
  it(`${kills.files} times, over files`, {timeout}, async () => {
    const place = join(folder, 'files')
    await expectNothingLost(await fileStore(place), {DENSITY_LENS_STORE: `file:${place}`}, kills.files)
  })

  it.skipIf(!postgres)(`${kills.postgres} times, over PostgreSQL`, {timeout}, async () => {
    const {address} = postgres!
    await expectNothingLost(await postgresStore(address), {DENSITY_LENS_STORE: address}, kills.postgres)
  })

  it(`${kills.s3} times, over a small server of S3's protocol`, {timeout}, async () => {
    const place = {bucketUrl: `${s3.endpoint}/bucket`, prefix: '', region: 'us-east-1'}
    const environment = {
      DENSITY_LENS_STORE: `s3://bucket?endpoint=${s3.endpoint}`,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey
    }
    await expectNothingLost(await s3Store({...place, ...keys}), environment, kills.s3)
  })

  const given = givenS3()
  it.skipIf(!given)(`${kills.s3} times, over the S3 that was named`, {timeout}, async () => {
    const {place, environment} = given!
    await expectNothingLost(await s3Store(place), environment, kills.s3)
  })

  it('and a store that answers before it has written is found out', {timeout}, async () => {
    const place = join(folder, 'hasty')
    const outcome = await killWriters(await fileStore(place), {HASTY_STORE: place}, {kills: 2})
    expect(outcome.lost.length).toBeGreaterThan(0)
  })
})
