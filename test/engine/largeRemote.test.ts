import {execFile} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {explain} from '@/lib/engine/story'
import {httpAddress} from '@/lib/formats/http/httpAddress'
import {httpSource} from '@/lib/formats/http/httpSource'
import {openArchive} from '@/lib/formats/openArchive'
import {openBackend} from '@/lib/models/backend'
import {largeClassifier, largeModel, largeSafetensors, largeTorchZip} from '../formats/largeFiles'
import {type RangeServer, rangeServer} from '../formats/rangeServer'

const MB = 1e6
let server: RangeServer
beforeAll(async () => {
  void openBackend('cpu')
  server = await rangeServer({
    '3GB.pt': largeTorchZip(largeModel(3e9)),
    '3GB.safetensors': largeSafetensors(largeModel(3e9)),
    '10GB.pt': largeTorchZip(largeModel(10e9)),
    'classifier.pt': largeTorchZip([...largeModel(10e9), ...largeClassifier]),
    '10GB.safetensors': largeSafetensors(largeModel(10e9))
  })
})
afterAll(() => server.close())

const open = (name: string) => httpSource(httpAddress(`${server.base}/ranges/${name}`))
const measure = fileURLToPath(new URL('./listingMemory.mjs', import.meta.url))

describe.each(['3GB.pt', '3GB.safetensors', '10GB.pt', '10GB.safetensors'])('%s on a server', (name) => {
  it('lists 300 tensors for less than 1 MB of traffic', async () => {
    const before = server.traffic()
    const archive = await openArchive(await open(name))
    expect(archive.entries).toHaveLength(300)
    expect(archive.source.size).toBeGreaterThan(Number.parseInt(name, 10) * 1e9)
    expect(server.traffic() - before).toBeLessThan(1 * MB)
  })

  it('shows the Gaussians of its eight heads for less than 2 MB of traffic', async () => {
    const before = server.traffic()
    const outcome = await explain({checkpoint: await open(name), inputs: [], settings: {}})
    if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
    const {heads, provenance} = outcome.explanation
    expect(heads.map(({offset}) => offset[1023])).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5])
    expect(heads.map(({offset}) => offset.length)).toEqual(Array(8).fill(1024))
    expect(provenance.checkpoint).toMatchObject({name, sha256: null})
    expect(server.traffic() - before).toBeLessThan(2 * MB)
    expect(outcome.report.from).toMatchObject({host: server.host, whole: false})
    outcome.dispose()
  })

  it('is listed in less than 32 MB of memory above what the process held before', async () => {
    const address = `${server.base}/ranges/${name}`
    const {stdout} = await promisify(execFile)(process.execPath, ['--expose-gc', measure, address])
    const measured = JSON.parse(stdout)
    expect(measured.tensors).toBe(300)
    expect(measured.fetched).toBeLessThan(1 * MB)
    expect(measured.peak).toBeGreaterThan(0)
    expect(measured.peak).toBeLessThan(32 * MB)
  })
})

it('the classifier behind the heads is recognised, and waits for inputs to be read', async () => {
  const before = server.traffic()
  const outcome = await explain({checkpoint: await open('classifier.pt'), inputs: [], settings: {}})
  if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
  expect(outcome.report.detection).toMatchObject({headCount: 8, layers: 24, classCount: 4})
  // Two tensors of each head, and none of the classifier's six.
  expect(outcome.explanation.model.tensorsRead).toBe(16)
  expect(server.traffic() - before).toBeLessThan(1 * MB)
  outcome.dispose()
})
