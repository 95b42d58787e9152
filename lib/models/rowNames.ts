import type {FamilyId} from './family'

const others: Partial<Record<FamilyId, string>> = {'stacked-latent': 'hop', 'deformable-audio': 'block'}

/** What a family counts where others count layers. */
export const rowNameOf = (family: FamilyId): string => others[family] ?? 'layer'
