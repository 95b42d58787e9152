import {execFileSync, spawn} from 'node:child_process'
import {chownSync, existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Client} from 'pg'

export interface Postgres {
  /** Connection string, over a socket in a folder of its own. */
  readonly address: string
  stop(): Promise<void>
}

/** The folder of PostgreSQL's programs: POSTGRES_BIN, where Debian keeps the newest, or wherever `pg_config` says. */
function programs(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [process.env.POSTGRES_BIN ?? '', ...versions.map((version) => join(debian, version, 'bin'))]
  return folders.find((folder) => folder && existsSync(join(folder, 'initdb'))) ?? null
}

const numberOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], {encoding: 'utf8'}))

// PostgreSQL refuses to run as root: then it runs as the user its package made.
const asUser = () => (process.getuid?.() === 0 ? {uid: numberOf('-u'), gid: numberOf('-g')} : {})

/** A real PostgreSQL in a temporary folder, or null, said aloud, when none is installed or it cannot start. */
export async function startPostgres(): Promise<Postgres | null> {
  const bin = programs()
  if (bin === null) return skipped('its programs were not found; set POSTGRES_BIN to their folder')
  const folder = mkdtempSync(join(tmpdir(), 'dl-pg-'))
  try {
    return await startIn(folder, bin)
  } catch (error) {
    rmSync(folder, {recursive: true, force: true})
    return skipped(`it did not start: ${error instanceof Error ? error.message : error}`)
  }
}

function skipped(why: string): null {
  console.warn(`\n*** SKIPPED: the PostgreSQL store is NOT tested, ${why} ***\n`)
  return null
}

async function startIn(folder: string, bin: string): Promise<Postgres> {
  const user = asUser()
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const how = {...user, cwd: folder}
  execFileSync(join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'lens', '--no-sync'], {...how, stdio: 'pipe'})
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-k', folder, '-h', ''], {...how, stdio: 'ignore'})
  const ended = new Promise((resolve) => server.once('exit', resolve))
  // It must not outlive tests that are stopped.
  const end = () => server.kill('SIGQUIT')
  process.once('exit', end)
  const address = `postgres://lens@/postgres?host=${folder}`
  await answers(address)
  return {
    address,
    async stop() {
      // At once, without waiting for clients.
      end()
      await ended
      process.off('exit', end)
      rmSync(folder, {recursive: true, force: true})
    }
  }
}

async function answers(address: string) {
  const until = Date.now() + 20_000
  for (;;) {
    const client = new Client({connectionString: address})
    try {
      await client.connect()
      return await client.end()
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
