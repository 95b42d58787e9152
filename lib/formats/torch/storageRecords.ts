import type {Inert} from '../archive'

/** The records of a file's storages, each made once for a class and a key, however many tensors stand on it. */
export class StorageRecords {
  private readonly byType = new Map<string, Map<string, Inert>>()

  of(type: string, key: string, make: () => Inert): Inert {
    const byKey = this.byType.get(type) ?? new Map<string, Inert>()
    this.byType.set(type, byKey)
    const record = byKey.get(key) ?? make()
    byKey.set(key, record)
    return record
  }
}
