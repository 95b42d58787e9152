import {ReaderError} from '@/lib/core/errors'
import type {ExplanationParts} from '@/lib/explain/explain'
import type {FileIdentity, ModelSummary} from '@/lib/explain/explanation'
import {isFileSet} from '@/lib/formats/fileSet'
import {type HashOptions, sha256} from '@/lib/formats/sha256'
import {loneShard} from '@/lib/formats/sharded/shardNames'
import type {ByteSource} from '@/lib/formats/source'
import {backendInForce} from '@/lib/models/backend'
import {checkpointFacts} from '@/lib/models/checkpointFacts'
import {complaintsOf} from '@/lib/models/complaintsOf'
import type {LoadedModel} from '@/lib/models/family'
import type {NotedReads} from './notedReads'
import {version} from './version'

/** What an explanation says before any map is drawn. */
export type Known = Omit<ExplanationParts, 'maps' | 'bootstrap'>

/** The model, its heads, and the map's axes where the checkpoint tells them. Files are not hashed yet. */
export function knownOf(
  files: OpenedFiles,
  classes: readonly string[] | null,
  reads: NotedReads,
  model: LoadedModel
): Known {
  const {layers, features} = model.detection
  return {
    model: summaryOf(reads, model, classes),
    heads: model.heads,
    shard: isFileSet(files.checkpoint) ? null : (loneShard(files.checkpoint.name)?.text ?? null),
    axes: model.own?.axes ?? (layers === null || features === null ? null : model.axes([layers, features])),
    provenance: {
      checkpoint: identityOf(files.checkpoint),
      inputs: files.inputs.map(identityOf),
      backend: backendUsed(),
      app: version
    }
  }
}

export interface OpenedFiles {
  readonly checkpoint: ByteSource
  readonly inputs: readonly ByteSource[]
}

/** Files are named by their SHA-256 up to this many bytes: more would take longer to hash than to explain. */
const HASHED_UP_TO = 256 * 2 ** 20

/** The same, with the files' hashes and the backend that the maps were really drawn on. */
export async function provenanceOf(
  {provenance}: Known,
  {checkpoint, inputs}: OpenedFiles,
  signal: AbortSignal | undefined
): Promise<Known['provenance']> {
  const options = signal ? {signal} : {}
  return {
    ...provenance,
    checkpoint: (await hashed([checkpoint], options))[0]!,
    inputs: await hashed(inputs, options),
    backend: backendUsed()
  }
}

// A GPU that is lost on the way is replaced, so this may change while a story is told.
function backendUsed(): Known['provenance']['backend'] {
  const {name, adapter, reason} = backendInForce().report
  return {name, adapter, reason}
}

const identityOf = ({name, size}: ByteSource): FileIdentity => ({name, size, sha256: null})

async function hashed(sources: readonly ByteSource[], options: HashOptions): Promise<FileIdentity[]> {
  if (sources.reduce((total, {size}) => total + size, 0) > HASHED_UP_TO) return sources.map(identityOf)
  // To hash it, all of a file on a server would have to come.
  if (sources.some(({remote}) => remote && !remote.whole)) return sources.map(identityOf)
  const identities: FileIdentity[] = []
  for (const source of sources) {
    identities.push({...identityOf(source), sha256: await hashOf(source, options)})
    source.release?.()
  }
  return identities
}

// A file that was left out because it cannot be read has no hash either.
async function hashOf(source: ByteSource, options: HashOptions): Promise<string | null> {
  try {
    return await sha256(source, options)
  } catch (error) {
    if (error instanceof ReaderError) return null
    throw error
  }
}

function summaryOf(
  {archive, names}: NotedReads,
  {detection}: LoadedModel,
  classes: readonly string[] | null
): ModelSummary {
  const {family, title, at, headCount, parameters, bindings, unused, settings, parts, others} = detection
  const {accuracy, epoch} = checkpointFacts(archive)
  return {
    family,
    title,
    at,
    heads: headCount,
    classes,
    parameters,
    tensorsRead: bindings.filter(({name}) => names.has(name)).length,
    tensorsTotal: archive.entries.length,
    missing: complaintsOf(detection),
    unused,
    accuracy,
    epoch,
    settings,
    parts,
    ...(others.length > 0 ? {others} : {})
  }
}
