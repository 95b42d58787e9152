import type {TensorEntry} from '@/lib/formats/archive'

/** A place in the mechanism that a tensor fills. */
export interface HandRole {
  /** As `Binding.role` has it. */
  readonly role: string
  /** What the published module calls it, inside that module: `gcts.0.mean_offset`. */
  readonly key: string
  readonly needed: boolean
  /** The shape it needs, for a reader: "(1, features)". */
  readonly shape: string
}

/** How a tensor fits its role, beside the tensors that fill the others. */
export interface RoleCheck {
  readonly state: 'fits' | 'disagrees' | 'open'
  readonly text: string
}

/** The tensor that fills a role. */
export type Filled = (role: string) => TensorEntry | undefined
