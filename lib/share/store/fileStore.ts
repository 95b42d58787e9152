import {randomUUID} from 'node:crypto'
import {link, mkdir, open, readdir, readFile, rename, rm, stat, unlink} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {isContentId} from './contentId'
import {seal, unseal} from './envelope'
import type {Keep, Listed, Now, Page, Store, Stored} from './store'

interface FileStoreOptions {
  readonly now?: Now
  /** Entries in a page of a list. */
  readonly pageSize?: number
}

// Nobody takes an hour to write 8 MB: what lies longer was left by a process that was killed.
const abandonedMs = 3_600_000

/**
 * Explanations as files under `folder`, one each, named by their ids. A file is written aside, flushed, and linked
 * under its name, which fails when the name is taken; then the folder is flushed. So a name stands for a whole file
 * from its first moment, also when processes compete or are killed. A file's time of change is its expiry.
 */
export async function fileStore(folder: string, options: FileStoreOptions = {}): Promise<Store> {
  const {now = Date.now, pageSize = 1000} = options
  const aside = join(folder, 'unfinished')
  await mkdir(aside, {recursive: true})
  await Promise.all([sweepAside(aside), flushFolder(folder), flushFolder(dirname(folder))])
  const at = (id: string) => join(folder, id)

  async function put(id: string, bytes: Uint8Array, keep: Keep) {
    const written = join(aside, randomUUID())
    // Somebody may have cleared the place while we run.
    await mkdir(aside, {recursive: true})
    await writeFlushed(written, seal({bytes, keep}), keep.expires)
    try {
      return await settle(written, id)
    } finally {
      await unlink(written)
      await flushFolder(folder)
    }
  }

  // Linking is the moment it exists. What stands in the way is what we want, unless it has expired or is damaged.
  async function settle(written: string, id: string): Promise<'created' | 'exists'> {
    for (;;) {
      const linked = await unless('EEXIST', link(written, at(id)))
      if (linked !== missing) return 'created'
      const there = await read(id)
      if (there !== null && isAlive(there)) return 'exists'
      await retire(id)
    }
  }

  /** null: no file; 'damaged': something that `seal` did not write, or not all of it. */
  async function read(id: string): Promise<Stored | 'damaged' | null> {
    const file = await unless('ENOENT', readFile(at(id)))
    return file === missing ? null : (unseal(id, file) ?? 'damaged')
  }

  const isAlive = (found: Stored | 'damaged') => found !== 'damaged' && found.keep.expires > now()

  // Another process may have replaced the file since we looked. Moving it aside is atomic: one process gets it, looks
  // again, and puts back what is alive.
  async function retire(id: string) {
    const taken = join(aside, randomUUID())
    if ((await unless('ENOENT', rename(at(id), taken))) === missing) return
    const found = unseal(id, await readFile(taken))
    if (found && isAlive(found)) await unless('EEXIST', link(taken, at(id)))
    await unlink(taken)
    await flushFolder(folder)
  }

  async function get(id: string) {
    const found = await read(id)
    if (found === null || found === 'damaged') return 'absent'
    if (isAlive(found)) return found
    await retire(id)
    return 'expired'
  }

  async function remove(id: string) {
    const gone = (await unless('ENOENT', unlink(at(id)))) !== missing
    if (gone) await flushFolder(folder)
    return gone
  }

  async function list(cursor: string | null): Promise<Page> {
    const ids = (await readdir(folder)).filter((name) => isContentId(name) && (cursor === null || name > cursor)).sort()
    const page = ids.slice(0, pageSize)
    const entries: Listed[] = []
    for (const id of page) {
      const stats = await unless('ENOENT', stat(at(id)))
      if (stats === missing) continue
      const expires = Math.round(stats.mtimeMs)
      if (expires > now()) entries.push({id, size: stats.size, expires})
      else entries.push(...(await lookInto(id, stats.size)))
    }
    if (cursor === null) await sweepAside(aside)
    return {entries, cursor: ids.length > page.length ? page.at(-1)! : null}
  }

  // A restored backup may have lost the time; what the file says counts.
  async function lookInto(id: string, size: number): Promise<Listed[]> {
    const found = await get(id)
    return typeof found === 'string' ? [] : [{id, size, expires: found.keep.expires}]
  }

  return {name: `files in ${folder}`, put, get, delete: remove, list, close: async () => {}}
}

async function writeFlushed(path: string, data: Buffer, changedMs: number) {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(data)
    await file.utimes(changedMs / 1000, changedMs / 1000)
    await file.sync()
  } finally {
    await file.close()
  }
}

// The name of a new file is part of its folder. Windows has no such flush, and refuses to open a folder.
async function flushFolder(folder: string) {
  if (process.platform === 'win32') return
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

// ctime, because the time of change holds the expiry.
async function sweepAside(aside: string) {
  for (const name of await readdir(aside)) {
    const path = join(aside, name)
    const stats = await unless('ENOENT', stat(path))
    if (stats !== missing && stats.ctimeMs < Date.now() - abandonedMs) await rm(path, {force: true})
  }
}

const missing = Symbol('missing')

/** What `work` gives, or `missing` when it fails with `code`. */
async function unless<T>(code: string, work: Promise<T>): Promise<T | typeof missing> {
  try {
    return await work
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return missing
    throw error
  }
}
