import type {TensorArchive} from '@/lib/formats/archive'
import {openArchive} from '@/lib/formats/openArchive'
import type {ByteSource} from '@/lib/formats/source'
import {candidates, parameterNames, trainingState} from '@/lib/models/candidates'
import {checkpointFacts} from '@/lib/models/checkpointFacts'
import {detect} from '@/lib/models/detect'
import {carriesEncoder} from '@/lib/models/encoders/carriesEncoder'
import type {Detection, NoDetection, Settings} from '@/lib/models/family'
import type {FileReport} from './protocol'

/** Looks into a file without running anything. Throws FormatError when it cannot be read. */
export async function inspect(source: ByteSource, settings: Settings = {}): Promise<FileReport> {
  const archive = await openArchive(source)
  return fileReport(archive, detect(archive, settings))
}

/** What an archive holds and what was recognised in it. */
export function fileReport(archive: TensorArchive, detection: Detection | NoDetection): FileReport {
  const {source, format, entries, findings, named} = archive
  const report = {
    name: source.name,
    size: source.size,
    format,
    entries,
    findings,
    detection,
    candidates: candidates(archive),
    parameters: parameterNames(archive),
    training: {...trainingState(archive), ...checkpointFacts(archive)},
    ...(named ? {named} : {}),
    ...(carriesEncoder(archive) ? {encoder: true as const} : {})
  }
  if (!source.remote) return report
  const {host, whole} = source.remote
  return {...report, from: {host, whole, fetched: source.remote.fetched()}}
}
