import type {Store} from './store'

/**
 * The store, read once for all who ask for the same explanation at the same time: a link that a whole class opens costs
 * one read at a time. What this process puts or deletes is seen by every read that is asked for afterwards.
 */
export function sharedReads(store: Store): Store {
  const underWay = new Map<string, ReturnType<Store['get']>>()

  function get(id: string) {
    const reading = underWay.get(id) ?? store.get(id).finally(() => forget(id, reading))
    underWay.set(id, reading)
    return reading
  }

  function forget(id: string, reading = underWay.get(id)) {
    if (underWay.get(id) === reading) underWay.delete(id)
  }

  return {
    ...store,
    get,
    put: (id, bytes, keep) => store.put(id, bytes, keep).finally(() => forget(id)),
    delete: (id) => store.delete(id).finally(() => forget(id))
  }
}
