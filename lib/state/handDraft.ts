import type {FileReport} from '@/lib/engine/protocol'
import type {TensorEntry} from '@/lib/formats/archive'
import type {Settings} from '@/lib/models/family'
import type {HandRole, RoleCheck} from '@/lib/models/handRole'
import {
  checkRoles,
  type HandFamily,
  handClasses,
  handFamilies,
  handLayout,
  handRoles,
  notByHand
} from '@/lib/models/handRoles'

export type NotByHand = (typeof notByHand)[number]['family']

/** What a person has written so far to bind tensors to roles; any of it may still be wrong. */
export interface HandDraft {
  readonly family: HandFamily | NotByHand
  /** Or hops. */
  readonly heads: number
  /** Names of tensors by role. */
  readonly names: Readonly<Record<string, string>>
  /** `32 × 32`, or nothing. */
  readonly map: string
  /** Separated by commas, or nothing. */
  readonly classes: string
}

export interface DraftedRole extends Pick<HandRole, 'role' | 'shape'>, RoleCheck {
  /** Must be filled, and is not. */
  readonly lacking: boolean
}

/** A draft looked through: how each role stands, and what to do with it all once nothing speaks against it. */
export interface DraftReading {
  readonly roles: readonly DraftedRole[]
  /** What stands in the way, as a sentence; null when nothing does. */
  readonly obstacle: string | null
  readonly mapIsWrong: boolean
  readonly classesAreWrong: boolean
  readonly settings: Settings
  readonly classes: readonly string[] | null
}

export const mostHeads = 64

/**
 * Where binding begins: with what was bound by hand before, else with what was recognised. `classes` are the names that
 * are known already.
 */
export function firstDraft({detection}: FileReport, before: Settings, classes: readonly string[] | null): HandDraft {
  const found = detection.family === null ? null : detection
  const asked = before.family ?? found?.family
  const family = [...handFamilies, ...notByHand].find(({family}) => family === asked)?.family
  const counted = found?.family === 'stacked-latent' ? found.layers : found?.headCount
  return {
    family: family ?? handFamilies[0]!.family,
    heads: Math.max(1, Math.min(mostHeads, before.heads ?? counted ?? 1)),
    names: before.bindings ?? Object.fromEntries(found?.bindings.map(({role, name}) => [role, name]) ?? []),
    map: before.map?.join(' × ') ?? '',
    classes: classes?.join(', ') ?? ''
  }
}

/** Looks a draft through against the tensors of the file. */
export function readDraft(draft: HandDraft, tensors: ReadonlyMap<string, TensorEntry>): DraftReading {
  const {heads, names} = draft
  const never = notByHand.find(({family}) => family === draft.family)
  if (never) return {...nothingToBind, obstacle: never.because}
  const family = draft.family as HandFamily
  const nameOf = (role: string) => (names[role] ?? '').trim()
  const filled = (role: string) => tensors.get(nameOf(role))
  const layout = handLayout(family, heads, Object.keys(names), filled)
  const checks = checkRoles(family, heads, filled, layout)
  const roles = handRoles(family, heads, layout).map(({role, needed, shape}): DraftedRole => {
    const unknown = nameOf(role) !== '' && !filled(role)
    const check: RoleCheck = unknown ? {state: 'disagrees', text: 'no tensor has this name'} : checks.get(role)!
    return {role, shape, ...check, lacking: needed && !filled(role)}
  })
  const map = mapOf(draft.map)
  const classes = classesOf(draft.classes)
  const needed = handClasses(family, layout, filled)
  const mapIsWrong = draft.map.trim() !== '' && map === null
  const classesAreWrong = classes !== null && needed !== undefined && classes.length !== needed
  const bindings = Object.fromEntries(
    roles.flatMap(({role}) => (filled(role) ? [[role, filled(role)!.name] as const] : []))
  )
  return {
    roles,
    obstacle: mapIsWrong
      ? 'A map size is height × width.'
      : classesAreWrong
        ? `${classes.length} class names, ${family === 'stacked-latent' ? 'answer' : 'fc'} has ${needed} classes.`
        : obstacleOf(roles),
    mapIsWrong,
    classesAreWrong,
    settings: {family, heads, bindings, ...(map ? {map} : {})},
    classes
  }
}

const nothingToBind: DraftReading = {
  roles: [],
  obstacle: null,
  mapIsWrong: false,
  classesAreWrong: false,
  settings: {},
  classes: null
}

function obstacleOf(roles: readonly DraftedRole[]): string | null {
  const wrong = roles.filter(({state}) => state === 'disagrees').length
  const lacking = roles.filter((role) => role.lacking).length
  if (wrong > 0) return `${wrong} of ${roles.length} roles ${wrong === 1 ? 'disagrees' : 'disagree'}.`
  return lacking > 0 ? `${lacking} of ${roles.length} roles still ${lacking === 1 ? 'needs' : 'need'} a tensor.` : null
}

/** The role after this one that still lacks a tensor, in order and round; this one when none does. */
export function nextLacking(roles: readonly DraftedRole[], role: string): string {
  const at = roles.findIndex((each) => each.role === role)
  const round = [...roles.slice(at + 1), ...roles.slice(0, at)]
  return round.find(({lacking}) => lacking)?.role ?? role
}

/** `32 × 32` or `32x32`; null when it is neither. */
function mapOf(text: string): readonly [number, number] | null {
  const [, height, width] = /^\s*([1-9]\d{0,5})\s*[x×,]\s*([1-9]\d{0,5})\s*$/i.exec(text) ?? []
  return height && width ? [Number(height), Number(width)] : null
}

function classesOf(text: string): readonly string[] | null {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  return names.length > 0 ? names : null
}
