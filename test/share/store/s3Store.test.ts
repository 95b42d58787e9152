import {afterAll, describe, expect, it} from 'vitest'
import {openStore} from '@/lib/share/store/openStore'
import {s3Store} from '@/lib/share/store/s3Store'
import {itKeepsTheContract, keepUntil, sample} from './contract'
import {givenS3} from './givenS3'
import {keys, startS3Server} from './s3Server'

const server = await startS3Server()
afterAll(() => server.stop())

const place = {bucketUrl: `${server.endpoint}/bucket`, prefix: 'explanations/', region: 'us-east-1'}

itKeepsTheContract('explanations in S3, against a small server of its protocol', (options) =>
  s3Store({...place, ...keys, ...options})
)

// Another one, when somebody has one.
const given = givenS3()
if (given) {
  itKeepsTheContract(`explanations in the S3 at ${given.place.bucketUrl}`, (options) =>
    s3Store({...given.place, ...options})
  )
}

describe('the requests to S3', () => {
  it('are refused with a wrong key, and the error names a status and nothing else', async () => {
    const store = await s3Store({...place, ...keys, secretAccessKey: 'wrong'})
    const before = server.refused()
    await expect(store.get(sample().id)).rejects.toThrow(/^S3 answered GET with status 403; needed 200 or 404$/)
    expect(server.refused()).toBe(before + 1)
  })

  it('are sent again when the server fails for a moment', async () => {
    const store = await s3Store({...place, ...keys})
    const {id, bytes} = sample()
    server.fail(2)
    expect(await store.put(id, bytes, keepUntil())).toBe('created')
  })

  it('go where DENSITY_LENS_STORE says', async () => {
    const store = await openStore({
      DENSITY_LENS_STORE: `s3://bucket/explanations?endpoint=${server.endpoint}`,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey
    })
    const {id, bytes} = sample()
    await store.put(id, bytes, keepUntil())
    expect(await (await s3Store({...place, ...keys})).get(id)).toMatchObject({keep: keepUntil()})
  })

  it('leave the right content where a server ignores conditions', async () => {
    const other = await startS3Server()
    other.ignoreConditions()
    const store = await s3Store({...place, ...keys, bucketUrl: `${other.endpoint}/bucket`})
    const {id, bytes} = sample()
    await Promise.all(Array.from({length: 5}, () => store.put(id, bytes, keepUntil())))
    const found = await store.get(id)
    expect(typeof found !== 'string' && Buffer.compare(found.bytes, bytes)).toBe(0)
    await other.stop()
  })
})
