import {ReaderError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import {explain} from '@/lib/engine/story'
import type {Provenance} from '@/lib/explain/explanation'
import {sha256} from '@/lib/formats/sha256'
import type {ByteSource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import type {SharedRecord} from '@/lib/share/record'
import {editedAgain, otherFile, reproduced, type Verdict, verdictText} from '@/lib/share/reproduce'
import {editsInWords} from '@/lib/share/shownAs'
import {visible} from '@/lib/share/visible'
import type {VerifyCommand} from './arguments'
import {checkpointAt} from './checkpointAt'
import {inputSources} from './inputSources'
import {recordAt} from './records'
import {refusalOf} from './refusal'
import type {Streams} from './streams'

/** Whether a shared explanation comes of these files: hashes first, then computed again, then compared. */
export async function verified(
  command: VerifyCommand,
  {error}: Streams,
  signal?: AbortSignal
): Promise<{text: string; same: boolean}> {
  const record = await recordAt(command.record)
  if (record.unread.length > 0)
    error(`density-lens: ${record.unread.join(', ')} could not be read and is not compared\n`)
  const {checkpoint, rest} = await checkpointAt(command.checkpoint, command.inputs)
  const inputs = await inputSources(rest, command.checkpoint)
  const {model, provenance} = record.explanation
  const known = provenance.checkpoint.sha256 !== null
  const identities = known ? await Promise.all([checkpoint, ...inputs].map((source) => identityOf(source, signal))) : []
  const other = identities[0] && otherFile(record, identities[0], identities.slice(1))
  if (other) return said(other, record)
  const missing = missingInputs(inputs.length, provenance)
  if (missing) throw missing
  await openBackend(command.backend)
  const request = {checkpoint, inputs, settings: model.settings, classes: model.classes ?? undefined}
  const outcome = await explain(request, {signal})
  if (outcome.kind !== 'explained') throw refusalOf(outcome)
  try {
    const fresh = await editedAgain(record, outcome.explanation, outcome.whatIf)
    return said(reproduced(record, fresh), record)
  } finally {
    outcome.dispose()
  }
}

const said = (verdict: Verdict, {explanation, shownAs}: SharedRecord) => {
  const edits = editsInWords(visible(explanation), shownAs).map((words) => `  ${words}\n`)
  const made = edits.length > 0 ? `With ${plural(edits.length, 'edit')} made again:\n${edits.join('')}` : ''
  return {text: made + verdictText(verdict), same: verdict.kind === 'reproduced'}
}

// Maps that the checkpoint saved are of other inputs: they would only differ.
function missingInputs(given: number, {maps, inputs, samples}: Provenance): ReaderError | null {
  if (given > 0 ? given >= inputs.length : maps !== 'inputs') return null
  const [found, made] =
    given === 0
      ? ['no inputs', plural(samples, 'input')]
      : [plural(given, 'file of inputs', 'files of inputs'), `${inputs.length} such files`]
  const sentence = `verify was given ${found}, and the explanation was made from ${made}; needed their files, too`
  return new ReaderError('Usage', `density-lens: ${sentence}`)
}

async function identityOf(source: ByteSource, signal: AbortSignal | undefined) {
  const {name, size, remote} = source
  // To hash it, all of a file on a server would have to come.
  const hash = remote && !remote.whole ? null : await sha256(source, signal ? {signal} : {})
  return {name, size, sha256: hash}
}
