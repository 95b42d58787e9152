/** A table that this browser keeps between visits. */
export interface BrowserTable<T extends {readonly id: string}> {
  /** False where nothing outlives the page, as in some private windows. */
  readonly lasting: boolean
  all(): Promise<readonly T[]>
  get(id: string): Promise<T | null>
  put(entry: T): Promise<void>
  remove(id: string): Promise<void>
}

/** A database of one table, in IndexedDB, or this page's memory where there is none or it is closed to us. */
export async function openTable<T extends {readonly id: string}>(
  database: string,
  table: string
): Promise<BrowserTable<T>> {
  try {
    const opened = await openDatabase(database, table)
    // Some private windows open a database and then refuse to use it.
    await reply(opened.transaction(table).objectStore(table).count())
    return tableIn(opened, table)
  } catch {
    return memoryTable()
  }
}

function openDatabase(database: string, table: string): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(table, {keyPath: 'id'})
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error('another page holds an older database'))
  })
}

function tableIn<T extends {readonly id: string}>(opened: IDBDatabase, table: string): BrowserTable<T> {
  // A page that would change the database must not wait for this one.
  opened.onversionchange = () => opened.close()
  const store = (mode: IDBTransactionMode) => opened.transaction(table, mode).objectStore(table)
  return {
    lasting: true,
    all: () => reply(store('readonly').getAll() as IDBRequest<T[]>),
    get: async (id) => (await reply(store('readonly').get(id) as IDBRequest<T | undefined>)) ?? null,
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

/** A table that lasts as long as the page. */
export function memoryTable<T extends {readonly id: string}>(): BrowserTable<T> {
  const entries = new Map<string, T>()
  return {
    lasting: false,
    all: async () => [...entries.values()],
    get: async (id) => entries.get(id) ?? null,
    put: async (entry) => void entries.set(entry.id, entry),
    remove: async (id) => void entries.delete(id)
  }
}
