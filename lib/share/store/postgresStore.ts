import {Pool} from 'pg'
import {contentId} from './contentId'
import type {Keep, Listed, Now, Store, Stored} from './store'

interface PostgresStoreOptions {
  readonly now?: Now
  /** Entries in a page of a list. */
  readonly pageSize?: number
}

/** A row as pg gives it: 64-bit integers come as text. */
interface Row {
  readonly bytes: Buffer
  readonly token_hash: string
  readonly expires: string
}

interface ListedRow {
  readonly id: string
  readonly size: number
  readonly expires: string
}

// COLLATE "C": pages go by bytes, whatever the database's language.
const createTable = `CREATE TABLE IF NOT EXISTS density_lens_explanations (
  id text COLLATE "C" PRIMARY KEY, bytes bytea NOT NULL, token_hash text NOT NULL, expires bigint NOT NULL)`

// Two processes that create one table at once make the second fail, "IF NOT EXISTS" or not. This lock orders them.
const lock = 'SELECT pg_advisory_lock(7309453001)'
const unlock = 'SELECT pg_advisory_unlock(7309453001)'

// One statement: whoever comes second waits for the first, and then finds its row.
const insert = `INSERT INTO density_lens_explanations AS kept (id, bytes, token_hash, expires) VALUES ($1, $2, $3, $4)
  ON CONFLICT (id) DO UPDATE SET bytes = EXCLUDED.bytes, token_hash = EXCLUDED.token_hash, expires = EXCLUDED.expires
  WHERE kept.expires <= $5 RETURNING id`
const select = 'SELECT bytes, token_hash, expires FROM density_lens_explanations WHERE id = $1'
const remove = 'DELETE FROM density_lens_explanations WHERE id = $1'
const removeExpired = 'DELETE FROM density_lens_explanations WHERE expires <= $1'
const selectPage = `SELECT id, length(bytes) AS size, expires FROM density_lens_explanations
  WHERE id > $1 ORDER BY id LIMIT $2`

/**
 * Explanations as rows of the table `density_lens_explanations`, which is created when it is not there. `address` is a
 * connection string of PostgreSQL: `postgres://user:password@host/database` or `postgres:///database?host=/socket/folder`.
 */
export async function postgresStore(address: string, options: PostgresStoreOptions = {}): Promise<Store> {
  const {now = Date.now, pageSize = 1000} = options
  const pool = new Pool({connectionString: address, max: 10, connectionTimeoutMillis: 10_000, keepAlive: true})
  // A connection that dies while idle is replaced by the next query; unheard, its event would end the process.
  pool.on('error', () => {})
  await prepare(pool)

  async function put(id: string, bytes: Uint8Array, {tokenHash, expires}: Keep) {
    const {rowCount} = await pool.query(insert, [id, Buffer.from(bytes), tokenHash, expires, now()])
    return rowCount === 1 ? 'created' : 'exists'
  }

  async function get(id: string): Promise<Stored | 'absent' | 'expired'> {
    const {rows} = await pool.query<Row>(select, [id])
    const [row] = rows
    if (!row || contentId(row.bytes) !== id) return 'absent'
    const keep = {tokenHash: row.token_hash, expires: Number(row.expires)}
    if (keep.expires > now()) return {bytes: row.bytes, keep}
    await pool.query(`${remove} AND expires <= $2`, [id, now()])
    return 'expired'
  }

  async function list(cursor: string | null) {
    await pool.query(removeExpired, [now()])
    const {rows} = await pool.query<ListedRow>(selectPage, [cursor ?? '', pageSize])
    const entries: Listed[] = rows.map(({id, size, expires}) => ({id, size, expires: Number(expires)}))
    return {entries, cursor: entries.length === pageSize ? entries.at(-1)!.id : null}
  }

  return {
    name: 'PostgreSQL',
    put,
    get,
    delete: async (id) => (await pool.query(remove, [id])).rowCount === 1,
    list,
    close: () => pool.end()
  }
}

async function prepare(pool: Pool) {
  const client = await pool.connect()
  try {
    await client.query(lock)
    await client.query(createTable)
    await client.query(unlock)
    client.release()
  } catch (error) {
    // Not back to the pool: it may still hold the lock, which ends with its connection.
    client.release(true)
    throw error
  }
}
