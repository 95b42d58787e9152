import {ShapeError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import type {FileValue, TensorArchive, TensorEntry} from '@/lib/formats/archive'
import type {Detection, ModelFamily, Settings} from './family'
import {split} from './findHeads'
import {checkRoles, type HandFamily, handFamilies, handLayout, handRoles, notByHand, numberedIn} from './handRoles'
import {isMap, parametersOf, shortKey} from './parameterNames'

/**
 * A mechanism whose tensors a person has pointed out, `settings.bindings` by role. The file is looked at as if each
 * tensor bore the name that the published module gives it, so that the same checks hold. Throws ShapeError for roles
 * and tensors that do not exist, and for a mechanism that is not whole.
 */
export function boundByHand(
  archive: TensorArchive,
  {bindings = {}, family: wanted, heads: count, ...others}: Settings,
  families: readonly ModelFamily[]
): Detection {
  const family = handFamily(wanted, bindings)
  const heads = count ?? headsIn(bindings)
  const byName = new Map(archive.entries.map((entry) => [entry.name, entry]))
  const filled = (role: string) => (Object.hasOwn(bindings, role) ? byName.get(bindings[role]!) : undefined)
  const layout = handLayout(family, heads, Object.keys(bindings), filled)
  const roles = new Map(handRoles(family, heads, layout).map((role) => [role.role, role]))
  const renamed = new Map<FileValue, FileValue>()
  const taken = new Set<TensorEntry>()
  for (const [role, name] of Object.entries(bindings)) {
    const place = roles.get(role)
    if (!place)
      throw refused(
        `there is no role "${role.slice(0, 80)}"; ${family} with ${plural(heads, countedBy(family))} has ${listed([...roles.keys()])}`
      )
    const entry = byName.get(name)
    if (!entry) throw refused(`${role}: ${archive.source.name} holds no tensor named ${name}`)
    renamed.set(place.key, entry)
    taken.add(entry)
  }
  for (const {role, needed, shape} of roles.values())
    if (needed && !Object.hasOwn(bindings, role)) throw refused(`${role} is not bound; a tensor of ${shape} is needed`)
  if (family === 'stacked-latent') refuseMisfits(checkRoles(family, heads, filled, layout))
  const saved = isMap(archive.contents) ? archive.contents.get('attention_weights') : undefined
  if (saved !== undefined) renamed.set('attention_weights', saved)
  const {entries: _, ...rest} = archive
  const seen: TensorArchive = {...rest, entries: [...taken], contents: renamed}
  const [found] = families.find(({id}) => id === family)!.find(seen)
  if (!found) throw refused('the tensors that were bound make no head')
  const detection = found.detect(others)
  return {
    ...detection,
    at: placeOf([...taken].map(({name}) => name)),
    unused: parametersOf(archive)
      .filter(({entry}) => !taken.has(entry))
      .map(({key}) => shortKey(key)),
    settings: {...detection.settings, bindings, family, heads},
    others: []
  }
}

// Told of the tensors that were bound: what is found below bears the names of the published module.
function refuseMisfits(checks: ReturnType<typeof checkRoles>): void {
  for (const [role, {state, text}] of checks) if (state === 'disagrees') throw refused(`${role}: ${text}`)
}

const countedBy = (family: HandFamily): string => handFamilies.find((one) => one.family === family)?.counted ?? 'head'

/** Where the tensors stand, as far as they stand together: `pool, bound by hand`. */
function placeOf(names: readonly string[]): string {
  let path = split(names[0] ?? '').parent
  while (path !== '' && !names.every((name) => name.startsWith(`${path}.`))) path = split(path).parent
  return `${shortKey(path) || names[0]?.slice(0, 100)}, bound by hand`
}

/** Enough names for a sentence. */
const listed = (names: readonly string[]): string =>
  [...names.slice(0, 12), ...(names.length > 12 ? [`${names.length - 12} more`] : [])].join(', ')

function handFamily(wanted: Settings['family'], bindings: Readonly<Record<string, string>>): HandFamily {
  if (wanted === undefined) return familyOfRoles(Object.keys(bindings))
  const found = handFamilies.find(({family}) => family === wanted)
  const never = notByHand.find(({family}) => family === wanted)
  if (never) throw refused(never.because)
  if (!found)
    throw refused(`${wanted} cannot be bound by hand; ${handFamilies.map(({family}) => family).join(', ')} can`)
  return found.family
}

function familyOfRoles(roles: readonly string[]): HandFamily {
  const has = (pattern: RegExp) => roles.some((role) => pattern.test(role))
  if (has(/^layer weights$/)) return 'layer-weights'
  if (has(/^hop \d+ /)) return 'stacked-latent'
  if (has(/^(log spreads|projection weight)$/)) return 'density-gate'
  if (has(/head \d+ weights$/)) return 'additive-density'
  return has(/head \d+ (mean offsets|spreads)$/) ? 'density-block' : 'layer-density'
}

const headsIn = (bindings: Readonly<Record<string, string>>): number =>
  numberedIn(Object.keys(bindings), /(?:^| )(?:head|hop) (\d{1,3}) /)

const refused = (message: string) => new ShapeError(message, 'These tensors cannot be bound so')
