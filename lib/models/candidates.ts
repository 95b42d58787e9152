import type {TensorArchive, TensorEntry} from '@/lib/formats/archive'
import {families, modulesIn} from './detect'
import type {Binding, FamilyId, ModulePlace} from './family'
import {checkRoles, handFamilies} from './handRoles'
import {parametersOf} from './parameterNames'
import {savedEntries} from './savedEntries'

/** What one family found in a file: modules of it, or nothing, and then what it would have needed. */
export interface Candidate {
  readonly family: FamilyId
  readonly needs: string
  readonly modules: readonly CandidateModule[]
}

export interface CandidateModule extends ModulePlace {
  readonly headCount: number
  /** Null where only inputs can tell. */
  readonly layers: number | null
  /** Null for a family without a feature axis. */
  readonly features: number | null
  readonly bindings: readonly Binding[]
  readonly missing: readonly string[]
  /** Shapes that do not agree with each other, as sentences. */
  readonly disagreements: readonly string[]
}

/** Every family's view of an archive; reads no values. */
export function candidates(archive: TensorArchive): readonly Candidate[] {
  const found = modulesIn(archive)
  return families.map(({id, needs}) => ({
    family: id,
    needs,
    modules: found
      .filter(({family}) => family.id === id)
      .map(({module}) => {
        const detection = module.detect({})
        const {title, bindings, missing, headCount, layers, features} = detection
        const disagreements = detection.disagreements ?? disagreementsOf(id, headCount, bindings)
        return {title, at: module.at, bindings, missing, disagreements, headCount, layers, features}
      })
  }))
}

/** The names of a file's parameters: neither its optimiser's state nor its saved maps. */
export const parameterNames = (archive: TensorArchive): readonly string[] =>
  parametersOf(archive).map(({entry}) => entry.name)

function disagreementsOf(family: FamilyId, heads: number, bindings: readonly Binding[]): string[] {
  const known = handFamilies.find((one) => one.family === family)
  if (!known) return []
  const byRole = new Map(bindings.map(({role, name, shape}) => [role, {name, shape} as TensorEntry]))
  const checks = checkRoles(known.family, heads, (role) => byRole.get(role))
  return [...checks.values()].filter(({state}) => state === 'disagrees').map(({text}) => text)
}

/** What else a checkpoint carries from its training. */
export interface TrainingState {
  /** Tensors and numbers of the optimiser's state; null where the file has none. */
  readonly optimiser: {readonly tensors: number; readonly numbers: number} | null
  /** Maps of its validation runs: how many per head the file holds, and how many belong to the epoch that was saved. */
  readonly savedMaps: {readonly held: number; readonly used: number} | null
}

/** Reads the structure alone. */
export function trainingState(archive: TensorArchive): TrainingState {
  const own = archive.entries.filter(({name}) => /^optim\w*\./i.test(name))
  const saved = savedEntries(archive)
  return {
    optimiser:
      own.length === 0
        ? null
        : {tensors: own.length, numbers: own.reduce((sum, {shape}) => sum + shape.reduce((a, b) => a * b, 1), 0)},
    savedMaps:
      saved === null
        ? null
        : saved.kind === 'batch-means'
          ? {held: saved.held, used: saved.heads[0]?.length ?? 0}
          : {held: saved.blockLayers[0]?.length ?? 0, used: saved.blockLayers[0]?.length ?? 0}
  }
}
