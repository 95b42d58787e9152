import type {LibraryEntry} from './libraryEntry'

/** Where entries are kept between visits. */
export interface LibraryShelf {
  /** False where nothing outlives the page, as in some private windows. */
  readonly lasting: boolean
  all(): Promise<readonly LibraryEntry[]>
  put(entry: LibraryEntry): Promise<void>
  remove(id: string): Promise<void>
}

const database = 'density-lens'
const table = 'checkpoints'

/** The shelf of this browser: IndexedDB, or this page's memory where there is none or it is closed to us. */
export async function openShelf(): Promise<LibraryShelf> {
  try {
    const opened = await openDatabase()
    // Some private windows open a database and then refuse to use it.
    await reply(opened.transaction(table).objectStore(table).count())
    return shelfIn(opened)
  } catch {
    return memoryShelf()
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(table, {keyPath: 'id'})
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error('another page holds an older database'))
  })
}

function shelfIn(opened: IDBDatabase): LibraryShelf {
  // A page that would change the database must not wait for this one.
  opened.onversionchange = () => opened.close()
  const store = (mode: IDBTransactionMode) => opened.transaction(table, mode).objectStore(table)
  return {
    lasting: true,
    all: () => reply(store('readonly').getAll() as IDBRequest<LibraryEntry[]>),
    put: async (entry) => void (await reply(store('readwrite').put(entry))),
    remove: async (id) => void (await reply(store('readwrite').delete(id)))
  }
}

function reply<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** A shelf that lasts as long as the page. */
export function memoryShelf(): LibraryShelf {
  const entries = new Map<string, LibraryEntry>()
  return {
    lasting: false,
    all: async () => [...entries.values()],
    put: async (entry) => void entries.set(entry.id, entry),
    remove: async (id) => void entries.delete(id)
  }
}
