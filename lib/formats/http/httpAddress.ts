import {ReaderError} from '@/lib/core/errors'

/** One file on one server. */
export interface HttpPlace {
  /** What the file is called there, without its folders. */
  readonly name: string
  readonly url: string
}

/** What a person's words lead to: places of one host, to be tried in order until one holds a file. */
export interface HttpAddress {
  /** `owner/name` for the hub's shorthand, else the file's own name. */
  readonly name: string
  /** Who will be asked, port included. */
  readonly host: string
  readonly places: readonly HttpPlace[]
}

const hub = 'https://huggingface.co'

/** What repositories of the hub call their weights, the likeliest first; an index leads to the parts it names. */
export const hubNames: readonly string[] = [
  'model.safetensors',
  'pytorch_model.bin',
  'checkpoint.pth',
  'model.safetensors.index.json',
  'pytorch_model.bin.index.json',
  'adapter_model.safetensors',
  'adapter_model.bin',
  'model.pth',
  'model.pt',
  'model.ckpt'
]

/**
 * What was typed or linked: `https://…`, or for the public hub `owner/name`, `owner/name@revision`,
 * `owner/name/path/file`. Throws ReaderError for anything else, and for plain http beyond this machine.
 */
export function httpAddress(text: string): HttpAddress {
  const words = text.trim()
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(words)) return webAddress(words)
  const shorthand = /^([\w][\w.-]*)\/([\w][\w.-]*)(?:@([\w.-]+))?(?:\/(.+))?$/.exec(words)
  if (!shorthand) throw refused(words, 'is no address; https://… or owner/name of the hub is needed')
  const [, owner, name, revision = 'main', path] = shorthand
  return hubAddress(`${owner}/${name}`, revision, path)
}

function webAddress(words: string): HttpAddress {
  const url = parsed(words)
  if (url.username || url.password) throw refused(url.host, 'its address holds a password; one without is needed')
  if (url.protocol !== 'https:' && !isLoopback(url)) {
    throw refused(words, `starts with ${url.protocol}//, which is not read from here; an https:// address is needed`)
  }
  if (url.origin === hub) return hubPage(url)
  return single(url)
}

function parsed(words: string): URL {
  try {
    return new URL(words)
  } catch {
    throw refused(words, 'is no address; https://… or owner/name of the hub is needed')
  }
}

// A page of the hub shows what /resolve/ gives: https://huggingface.co/docs/xet/file-id.
function hubPage(url: URL): HttpAddress {
  const [, owner, name, verb, revision, ...path] = url.pathname.replace(/\/$/, '').split('/')
  if (!owner || !name) throw refused(url.href, 'names no repository; owner/name of the hub is needed')
  if (!verb || (verb === 'tree' && path.length === 0)) return hubAddress(`${owner}/${name}`, revision ?? 'main')
  if (verb !== 'blob' || path.length === 0) return single(url)
  return single(new URL(`${hub}/${owner}/${name}/resolve/${revision}/${path.join('/')}`))
}

function hubAddress(repository: string, revision: string, path?: string): HttpAddress {
  const base = `${hub}/${repository}/resolve/${encodeURIComponent(revision)}/`
  const place = (name: string) => ({name: lastOf(name), url: base + name.split('/').map(encodeURIComponent).join('/')})
  const places = path === undefined ? hubNames.map(place) : [place(path)]
  return {name: path === undefined ? repository : lastOf(path), host: new URL(hub).host, places}
}

function single(url: URL): HttpAddress {
  url.hash = ''
  const name = decoded(lastOf(url.pathname)) || url.host
  return {name, host: url.host, places: [{name, url: url.href}]}
}

const isLoopback = ({protocol, hostname}: URL) => protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname)

const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const refused = (what: string, why: string) =>
  new ReaderError('This address cannot be opened', `${what.slice(0, 200) || 'The address'}: ${why}`)
