import {ShapeError} from '@/lib/core/errors'
import type {FileValue, TensorArchive, TensorEntry} from '@/lib/formats/archive'
import type {Detection, ModelFamily, Settings} from './family'
import {type HandFamily, handRoles} from './handRoles'
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
  const roles = new Map(handRoles(family, heads).map((role) => [role.role, role]))
  const byName = new Map(archive.entries.map((entry) => [entry.name, entry]))
  const renamed = new Map<FileValue, FileValue>()
  const taken = new Set<TensorEntry>()
  for (const [role, name] of Object.entries(bindings)) {
    const place = roles.get(role)
    if (!place)
      throw refused(`there is no role "${role}"; ${family} with ${heads} heads has ${[...roles.keys()].join(', ')}`)
    const entry = byName.get(name)
    if (!entry) throw refused(`${role}: ${archive.source.name} holds no tensor named ${name}`)
    renamed.set(place.key, entry)
    taken.add(entry)
  }
  for (const {role, needed, shape} of roles.values())
    if (needed && !Object.hasOwn(bindings, role)) throw refused(`${role} is not bound; a tensor of ${shape} is needed`)
  const saved = isMap(archive.contents) ? archive.contents.get('attention_weights') : undefined
  if (saved !== undefined) renamed.set('attention_weights', saved)
  const {entries: _, ...rest} = archive
  const seen: TensorArchive = {...rest, entries: [...taken], contents: renamed}
  const [found] = families.find(({id}) => id === family)!.find(seen)
  if (!found) throw refused('the tensors that were bound make no head')
  const detection = found.detect(others)
  return {
    ...detection,
    at: 'bound by hand',
    unused: parametersOf(archive)
      .filter(({entry}) => !taken.has(entry))
      .map(({key}) => shortKey(key)),
    settings: {...detection.settings, bindings, family, heads},
    others: []
  }
}

function handFamily(wanted: Settings['family'], bindings: Readonly<Record<string, string>>): HandFamily {
  if (wanted === 'layer-density' || wanted === 'density-block') return wanted
  if (wanted !== undefined) throw refused(`${wanted} cannot be bound by hand; layer-density and density-block can`)
  return Object.keys(bindings).some((role) => /^head \d+ (mean offsets|spreads)$/.test(role))
    ? 'density-block'
    : 'layer-density'
}

const headsIn = (bindings: Readonly<Record<string, string>>): number =>
  1 + Math.max(0, ...Object.keys(bindings).map((role) => Number(/^head (\d{1,4}) /.exec(role)?.[1] ?? 0)))

const refused = (message: string) => new ShapeError(message, 'These tensors cannot be bound so')
