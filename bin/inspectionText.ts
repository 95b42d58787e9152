import {bytes, count, percent, plural} from '@/lib/core/number'
import type {FileReport} from '@/lib/engine/protocol'
import type {Detection, NoDetection} from '@/lib/models/family'
import {rowNameOf} from '@/lib/models/rowNames'
import {table} from './table'

/** What was recognised in a file, and the table of its tensors. */
export function inspectionText(report: FileReport): string {
  const {name, size, format, entries, findings, detection, from, named, training} = report
  const roles = new Map(detection.family ? detection.bindings.map((binding) => [binding.name, binding.role]) : [])
  const rows = entries.map((entry) => [
    entry.name || '(the file itself)',
    entry.stored === undefined ? entry.dtype : `${entry.dtype} (${entry.stored.split(',')[0]})`,
    `(${entry.shape.join(', ')})`,
    roles.get(entry.name) ?? ''
  ])
  return [
    `${name}: ${format}, ${bytes(size)}, ${plural(entries.length, 'tensor')}`,
    from ? `From ${from.host}: ${bytes(from.fetched)} of ${bytes(size)} fetched.` : '',
    detection.family ? recognised(detection) : unrecognised(detection),
    trainingText(training),
    named ? pickleText(named) : '',
    findings.map(({text}) => `- ${text}`).join('\n'),
    table(['tensor', 'dtype', 'shape', 'role'], rows, 4)
  ]
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
}

function recognised({family, title, at, headCount, layers, features, classCount, ...rest}: Detection): string {
  const {parameters, missing, disagreements = [], unused, questions, parts, others} = rest
  const compared = parts.filter(({kind}) => kind === 'compared')
  const counts = [
    ...(headCount === 0 ? [] : [plural(headCount, 'head')]),
    ...(layers === null ? [] : [plural(layers, rowNameOf(family))]),
    ...(features === null ? [] : [plural(features, 'feature')]),
    ...(classCount === null ? [] : [plural(classCount, 'class', 'classes')]),
    plural(parameters, 'parameter')
  ]
  return [
    `Found ${title} at ${at}: ${counts.join(', ')}.`,
    ...(parts.length > 1
      ? [
          `Parameters: ${parts
            .filter(({kind}) => kind === 'own')
            .map(counted)
            .join(', ')}.`
        ]
      : []),
    ...(compared.length > 0 ? [`For comparison: ${compared.map(counted).join(', ')}.`] : []),
    ...others.map(({at, title}) => `Also here: ${title} at ${at}`),
    ...disagreements.map((sentence) => `Disagrees: ${sentence}`),
    ...missing.map((sentence) => `Missing: ${sentence}`),
    ...(unused.length > 0 ? [`Not used: ${unused.join(', ')}`] : []),
    ...questions.map(({text, options, chosen}) => `Open: ${text} Taken: ${options[chosen]?.label ?? 'nothing'}.`)
  ].join('\n')
}

const counted = ({part, parameters}: Detection['parts'][number]) => `${count(parameters)} in ${part}`

const unrecognised = ({lookedFor, nearest}: NoDetection) =>
  ['Found no density attention.', ...lookedFor, ...(nearest ? [nearest] : [])].join('\n')

function trainingText(training: FileReport['training']): string {
  if (!training) return ''
  const {epoch, accuracy, optimiser, savedMaps} = training
  const facts = [
    ...(epoch === null ? [] : [`epoch ${epoch}`]),
    ...(accuracy === null ? [] : [`accuracy ${percent(accuracy)}`]),
    ...(optimiser ? [`optimiser state of ${plural(optimiser.numbers, 'number')}`] : []),
    ...(savedMaps ? [`${plural(savedMaps.held, 'saved map')} per head, ${count(savedMaps.used)} of them used`] : [])
  ]
  return facts.length > 0 ? `From its training: ${facts.join('; ')}.` : ''
}

/** What its pickle names, and what of it another reader would have run. */
function pickleText(named: NonNullable<FileReport['named']>): string {
  const inert = named.filter(({standing}) => standing === 'inert')
  const lines = inert.map(({name, calls, callCount}) => {
    if (callCount === 0) return `- ${name}: named, not known here, left alone`
    const more = callCount > calls.length ? `, and ${plural(callCount - calls.length, 'call')} more` : ''
    return `- ${calls.join(', ')}${more}: not run here; an ordinary unpickler would have run it`
  })
  const known = count(named.length - inert.length)
  const names = plural(named.length, 'class or function', 'classes and functions')
  return [`Its pickle names ${names}; ${known} known and harmless.`, ...lines].join('\n')
}
