import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {CallOptions, ExplainReply, ExplainRequest} from '@/lib/engine/protocol'
import type {LayerImportance} from '@/lib/explain/explanation'
import {createSession} from '@/lib/state/session'
import {createWatch, type WatchTarget} from '@/lib/state/watch'
import {watchedHandle} from '@/lib/state/watchedHandle'
import {numberedFile, numberOf} from './checkpointFile'
import {nameOf, replyOf, scriptedEngine} from './scriptedEngine'

const layer = (layer: number, importance: number): LayerImportance => ({
  layer,
  head: 0,
  importance,
  interval: null,
  share: 0.5,
  density: importance,
  rank: layer + 1,
  rankInterval: null,
  rankInHead: layer + 1,
  rankByShare: layer + 1,
  untrained: null,
  meanAbsZ: null
})

type Explained = Extract<ExplainReply, {kind: 'explained'}>

/** Explains a numbered file: its number is the epoch. Throws for a torn one. */
async function explainNumbered(request: ExplainRequest): Promise<Explained> {
  const {checkpoint} = request
  const number = checkpoint.kind === 'file' ? numberOf(new Uint8Array(await checkpoint.file.arrayBuffer())) : 0
  const reply = replyOf(request) as Explained
  const {explanation} = reply
  const inputs = request.inputs.map((input) => ({name: nameOf(input), size: 1, sha256: null}))
  return {
    ...reply,
    explanation: {
      ...explanation,
      model: {...explanation.model, epoch: number},
      layers: [layer(0, 1 / number), layer(1, 1 - 1 / number)],
      provenance: {...explanation.provenance, inputs, samples: inputs.length}
    }
  }
}

/** A folder of files on a scripted disk, watched by a session that explains what it is given. */
function workbench(
  explain: (request: ExplainRequest, options: CallOptions) => Promise<ExplainReply> = explainNumbered,
  keptBytes?: number
) {
  const disk = new Map<string, {bytes: Uint8Array<ArrayBuffer>; modified: number}>()
  let clock = 0
  let onWait = (_turn: number): void => {}
  let turn = 0
  const engine = scriptedEngine(explain)
  const session = createSession({engine})
  const watch = createWatch({
    engine,
    session,
    ...(keptBytes === undefined ? {} : {keptBytes}),
    wait: async () => {
      // What the engine and the store have begun goes on.
      for (let i = 0; i < 3; i++) await new Promise((go) => setTimeout(go))
      onWait(turn++)
    }
  })
  const handle = (name: string) => ({
    name,
    getFile: async () => {
      const entry = disk.get(name)
      if (!entry) throw new DOMException('gone', 'NotFoundError')
      return new File([entry.bytes], name, {lastModified: entry.modified})
    }
  })
  const file = (name: string): WatchTarget => ({name, kind: 'file', files: async () => [watchedHandle(handle(name))]})
  const folder = (name: string): WatchTarget => ({
    name,
    kind: 'folder',
    files: async () => [...disk.keys()].sort().map((each) => watchedHandle(handle(each)))
  })
  return {
    engine,
    session,
    watch,
    file,
    folder,
    write: (name: string, bytes: Uint8Array<ArrayBuffer>) => void disk.set(name, {bytes, modified: ++clock}),
    remove: (name: string) => void disk.delete(name),
    /** Watches, and does these one after the other, `looks` looks apart; stops when there are no more. */
    run: async (target: WatchTarget, acts: readonly (() => void)[], looks = 4) => {
      onWait = (turn) => {
        if (turn % looks !== 0) return
        const act = acts[turn / looks]
        if (act) act()
        else if (turn / looks > acts.length) watch.getState().stop()
      }
      turn = 0
      await watch.getState().begin(target)
    }
  }
}

const name = 'checkpoint.pth'
const epochs = ({watch}: ReturnType<typeof workbench>) => watch.getState().versions.map(({epoch}) => epoch)

describe('a checkpoint that is rewritten', () => {
  it('fifty times, torn in between at any point: every version is in the history or counted, none is torn', async () => {
    const acts = fc.array(
      fc.record({
        torn: fc.option(fc.double({min: 0, max: 0.99, noNaN: true}), {nil: null}),
        looks: fc.constantFrom(1, 2, 4)
      }),
      {minLength: 50, maxLength: 50}
    )
    await fc.assert(
      fc.asyncProperty(acts, async (acts) => {
        const bench = workbench()
        const steps = acts.flatMap(({torn, looks}, index) => {
          const bytes = numberedFile(index + 1)
          const cut = torn === null ? [] : [() => bench.write(name, bytes.slice(0, Math.floor(torn * bytes.length)))]
          return [...cut, () => bench.write(name, bytes), ...Array.from({length: looks - 1}, () => () => {})]
        })
        await bench.run(bench.file(name), steps, 1)
        const {versions, missed} = bench.watch.getState()
        expect(versions.every(({trouble}) => trouble === null)).toBe(true)
        const seen = epochs(bench).map(Number)
        expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
        expect(versions.length + missed).toBe(50)
        expect(bench.engine.requests.length).toBe(versions.length)
        // Numbers count the missed too.
        expect(versions.at(-1)!.version).toBeLessThanOrEqual(50)
      }),
      {numRuns: 5}
    )
  })

  it('the figure follows, with the same inputs and settings, and no step to undo', async () => {
    const bench = workbench()
    const {session, write} = bench
    const inputs = new File(['1'], 'inputs.npz')
    await session.getState().openFiles([new File([numberedFile(1)], name), inputs])
    await session.getState().answer({layout: 'time'})
    const undo = session.getState().canUndo
    await bench.run(
      bench.file(name),
      [1, 2, 3].map((number) => () => write(name, numberedFile(number)))
    )
    expect(epochs(bench)).toEqual([1, 2, 3])
    expect(session.getState()).toMatchObject({version: 3, canUndo: undo, explanation: {model: {epoch: 3}}})
    for (const {inputs: given, settings} of bench.engine.requests.slice(2)) {
      expect(given.map(nameOf)).toEqual(['inputs.npz'])
      expect(settings).toEqual({layout: 'time'})
    }
  })

  it('while it is torn it is said to be written, and nothing is troubled', async () => {
    const bench = workbench()
    const said: unknown[] = []
    bench.watch.subscribe(({writing}) => writing && said.push(writing.because))
    await bench.run(bench.file(name), [() => bench.write(name, numberedFile(1).slice(0, 40))])
    expect(said).toContainEqual(expect.stringContaining('safetensors'))
    expect(bench.session.getState()).toMatchObject({trouble: null, explanation: null})
    expect(bench.engine.requests).toEqual([])
  })

  it('a version that cannot be explained is in the history with its reason, and the next is followed', async () => {
    const bench = workbench(async (request) => {
      const reply = await explainNumbered(request)
      return reply.explanation.model.epoch === 2 ? {kind: 'unrecognised', report: reply.report} : reply
    })
    await bench.run(
      bench.file(name),
      [1, 2, 3].map((number) => () => bench.write(name, numberedFile(number)))
    )
    expect(epochs(bench)).toEqual([1, null, 3])
    expect(bench.watch.getState().versions[1]!.trouble).toEqual(expect.any(String))
    expect(bench.session.getState()).toMatchObject({version: 3, trouble: null})
  })
})

describe('the history', () => {
  it('turns the figure back and forth, and stays there while newer versions come', async () => {
    const bench = workbench()
    const {watch, session, write} = bench
    const one = (number: number) => () => write(name, numberedFile(number))
    const shown: unknown[] = []
    const see = () => shown.push(session.getState().explanation?.model.epoch)
    const turn = (by: number) => () => {
      watch.getState().step(by)
      see()
    }
    await bench.run(bench.file(name), [one(1), one(2), turn(-1), one(3), see, turn(1), turn(1), one(4), see])
    expect(shown).toEqual([1, 1, 2, 3, 4])
    expect(watch.getState().shown).toBeNull()
  })

  it('keeps old versions as rows once their maps weigh too much', async () => {
    const size = numberedFile(1).length
    const bench = workbench(explainNumbered, 2 * size + 100)
    const {watch, session} = bench
    await bench.run(
      bench.file(name),
      [1, 2, 3, 4, 5].map((number) => () => bench.write(name, numberedFile(number)))
    )
    const {versions} = watch.getState()
    expect(versions.map(({whole}) => whole)).toEqual([false, false, false, true, true])
    watch.getState().show(1)
    expect(session.getState()).toMatchObject({version: 1, explanation: {density: null, layers: versions[0]!.layers}})
    watch.getState().show(null)
    expect(session.getState().explanation).toMatchObject({model: {epoch: 5}, density: {rows: 2}})
  })
})

describe('watching ends', () => {
  it('when it is stopped, and when something else is opened', async () => {
    const bench = workbench()
    const {watch, session, write} = bench
    const other = new File([numberedFile(7)], 'other.pth')
    await bench.run(bench.file(name), [
      () => write(name, numberedFile(1)),
      () => void session.getState().openFiles([other]),
      () => write(name, numberedFile(2))
    ])
    expect(watch.getState()).toMatchObject({state: 'stopped', because: 'Another file was opened.'})
    expect(session.getState().explanation!.provenance.checkpoint.name).toBe('other.pth')
    expect(epochs(bench)).toEqual([1])
  })

  it('with a sentence, when the permission is withdrawn', async () => {
    const {watch} = workbench()
    const getFile = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
    await watch.getState().begin({name, kind: 'file', files: async () => [watchedHandle({name, getFile})]})
    expect(watch.getState()).toMatchObject({state: 'stopped', because: expect.stringContaining('your permission')})
  })

  it('not when the file is away for a while, nor while it is paused', async () => {
    const bench = workbench()
    const {watch, write, remove} = bench
    const away: unknown[] = []
    await bench.run(bench.file(name), [
      () => write(name, numberedFile(1)),
      () => remove(name),
      () => void away.push(watch.getState().writing),
      () => write(name, numberedFile(2)),
      () => {
        watch.getState().pause()
        write(name, numberedFile(3))
        setTimeout(() => {
          away.push(epochs(bench).length)
          watch.getState().resume()
        }, 40)
      }
    ])
    expect(away).toEqual([{name, because: null, gone: true}, 2])
    expect(epochs(bench)).toEqual([1, 2, 3])
  })
})

describe('a folder', () => {
  it('gives its new feature files to the run, once they are whole', async () => {
    const bench = workbench()
    const {write, watch} = bench
    const part = numberedFile(9)
    await bench.run(bench.folder('features'), [
      () => write('model.pth', numberedFile(1)),
      () => write('a.npz', part),
      () => write('b.npz', part.slice(0, 50)),
      () => write('b.npz', part)
    ])
    expect(bench.engine.requests.map(({inputs}) => inputs.map(nameOf))).toEqual([[], ['a.npz'], ['a.npz', 'b.npz']])
    expect(watch.getState().versions.map(({samples}) => samples)).toEqual([0, 1, 2])
  })
})
