import {afterAll, it} from 'vitest'
import {postgresStore} from '@/lib/share/store/postgresStore'
import {itKeepsTheContract} from './contract'
import {startPostgres} from './postgres'

const postgres = await startPostgres()
afterAll(() => postgres?.stop())

if (postgres) {
  itKeepsTheContract('explanations in PostgreSQL', (options) => postgresStore(postgres.address, options))
} else {
  it.skip('explanations in PostgreSQL: NOT TESTED, no PostgreSQL here', () => {})
}
