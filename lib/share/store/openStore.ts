import {fileURLToPath} from 'node:url'
import {ReaderError} from '@/lib/core/errors'
import type {Store} from './store'

type Environment = Readonly<Record<string, string | undefined>>

const defaultPlace = 'file:.density-lens/explanations'

/**
 * The store that `DENSITY_LENS_STORE` names: `file:FOLDER` (relative to where the server was started; the default),
 * `postgres://…`, or `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]` with the usual `AWS_…` keys. Each adapter is
 * loaded only when it is chosen. Throws ReaderError when the value names none of them.
 */
export async function openStore(environment: Environment = process.env): Promise<Store> {
  const place = environment.DENSITY_LENS_STORE || defaultPlace
  if (place.startsWith('file:')) return (await import('./fileStore')).fileStore(folderOf(place))
  if (/^postgres(ql)?:/.test(place)) return (await import('./postgresStore')).postgresStore(place)
  if (place.startsWith('s3:')) return (await import('./s3Store')).s3Store(bucketOf(place, environment))
  // Only the beginning: what follows may hold a password.
  const found = place.slice(0, place.indexOf(':') + 1) || 'no address'
  throw new ReaderError('No such store', `DENSITY_LENS_STORE: found ${found}; needed file:…, postgres://… or s3://…`)
}

function folderOf(place: string): string {
  return place.startsWith('file://') ? fileURLToPath(place) : place.slice('file:'.length)
}

function bucketOf(place: string, environment: Environment) {
  const {host, pathname, searchParams} = new URL(place)
  const region = searchParams.get('region') ?? environment.AWS_REGION ?? 'us-east-1'
  const endpoint = searchParams.get('endpoint') ?? `https://s3.${region}.amazonaws.com`
  const folder = pathname.replace(/^\/+|\/+$/g, '')
  return {
    bucketUrl: `${endpoint.replace(/\/+$/, '')}/${host}`,
    prefix: folder && `${folder}/`,
    region,
    accessKeyId: needed(environment, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: needed(environment, 'AWS_SECRET_ACCESS_KEY'),
    ...(environment.AWS_SESSION_TOKEN ? {sessionToken: environment.AWS_SESSION_TOKEN} : {})
  }
}

function needed(environment: Environment, name: string): string {
  const value = environment[name]
  if (value) return value
  throw new ReaderError(
    'No keys for the store',
    `DENSITY_LENS_STORE is an s3: address and ${name} is empty; needed a key`
  )
}
