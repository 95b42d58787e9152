import type {TensorEntry} from '@/lib/formats/archive'
import type {FamilyId} from './family'
import type {Filled, HandRole, RoleCheck} from './handRole'
import {shapeText, sizeOf} from './shape'
import {checkStack, type HandStack, handAnswers, handStackOf, stackRoles} from './stackedHand'

/** The families whose tensors a person can point out. */
export type HandFamily =
  | 'layer-density'
  | 'density-block'
  | 'additive-density'
  | 'density-gate'
  | 'layer-weights'
  | 'stacked-latent'

/** The same in words, the likeliest first. */
export const handFamilies: readonly {
  readonly family: HandFamily
  readonly title: string
  /** What roles are numbered by, where it is not heads. */
  readonly counted?: string
  /** What binding by hand leaves out, as a sentence. */
  readonly without?: string
}[] = [
  {family: 'layer-density', title: 'density attention over layers'},
  {family: 'density-block', title: 'density block'},
  {family: 'additive-density', title: 'additive density block'},
  {family: 'density-gate', title: 'density gate'},
  {family: 'layer-weights', title: 'scalar layer weights'},
  {
    family: 'stacked-latent',
    title: 'stacked attention',
    counted: 'hop',
    without: 'A question encoder is not bound by hand: the inputs then need question vectors.'
  }
]

/** Families of which no person binds tensors by hand, and what to do instead. */
export const notByHand = [
  {
    family: 'deformable-audio',
    title: 'deformable attention pyramid',
    because:
      'A pyramid has some twenty tensors in every block, so they are not bound one by one: give them the names of LeapLabTHU/DAT, as docs/deformable-audio.md says, and open the file again.'
  }
] as const satisfies readonly {readonly family: FamilyId; readonly title: string; readonly because: string}[]

const classifier: readonly HandRole[] = [
  {role: 'conv1 weight', key: 'conv1.weight', needed: false, shape: '(hidden, layers, 3, 3)'},
  {role: 'conv1 bias', key: 'conv1.bias', needed: false, shape: '(hidden)'},
  {role: 'conv2 weight', key: 'conv2.weight', needed: false, shape: '(layers, hidden, 3, 3)'},
  {role: 'conv2 bias', key: 'conv2.bias', needed: false, shape: '(layers)'},
  {role: 'fc weight', key: 'fc.weight', needed: false, shape: '(classes, layers × features)'},
  {role: 'fc bias', key: 'fc.bias', needed: false, shape: '(classes)'}
]

/** What there is of a mechanism beside its heads. */
export interface HandLayout {
  /** Default 1. */
  readonly blockLayers?: number
  readonly stack?: HandStack
}

/** Reads the layout off the names of the roles that are bound, and off what fills them. */
export function handLayout(family: HandFamily, heads: number, bound: readonly string[], filled: Filled): HandLayout {
  return family === 'stacked-latent'
    ? {stack: handStackOf(heads, bound, filled)}
    : {blockLayers: numberedIn(bound, /^layer (\d{1,3}) head /)}
}

/** One more than the largest number that stands after a word in the roles. */
export const numberedIn = (roles: readonly string[], pattern: RegExp): number =>
  roles.reduce((most, role) => Math.max(most, 1 + Number(pattern.exec(role)?.[1] ?? 0)), 1)

const plainStack: HandStack = {released: false, words: false, latent: false}

/** The roles of a mechanism with this many heads (hops), and in this layout. */
export function handRoles(
  family: HandFamily,
  heads: number,
  {blockLayers = 1, stack = plainStack}: HandLayout = {}
): readonly HandRole[] {
  if (family === 'stacked-latent') return stackRoles(heads, stack)
  if (family === 'density-gate') return gate
  if (family === 'layer-weights') return layerWeights
  const perLayer = Array.from({length: family === 'layer-density' ? 1 : blockLayers}, (_, layer) =>
    Array.from({length: heads}, (_, head) =>
      family === 'layer-density' ? layerHead(head) : blockHead(family, layer, head, blockLayers > 1)
    )
  )
  return [...perLayer.flat(2), ...classifier]
}

const gate: readonly HandRole[] = [
  {role: 'mean offsets', key: 'gaa.mean_offsets', needed: true, shape: '(Gaussians)'},
  {role: 'log spreads', key: 'gaa.log_sigma', needed: true, shape: '(Gaussians)'},
  {role: 'projection weight', key: 'to_attn.weight', needed: true, shape: '(1, channels, 1)'},
  {role: 'projection bias', key: 'to_attn.bias', needed: false, shape: '(1)'},
  {role: 'strength', key: 'alpha', needed: false, shape: '()'}
]

const layerWeights: readonly HandRole[] = [
  {role: 'layer weights', key: 'layer_weights', needed: true, shape: '(layers)'}
]

const layerHead = (head: number): HandRole[] => [
  {role: `head ${head} mean offset`, key: `gcts.${head}.mean_offset`, needed: true, shape: '(1, features)'},
  {role: `head ${head} scaled variance`, key: `gcts.${head}.c`, needed: true, shape: '(1, features)'}
]

function blockHead(family: HandFamily, layer: number, head: number, several: boolean): HandRole[] {
  const role = several ? `layer ${layer} head ${head}` : `head ${head}`
  const key = `layers.${layer}.attention_heads.${head}`
  const needs = {needed: true, shape: '(Gaussians)'}
  return [
    {role: `${role} mean offsets`, key: `${key}.mean_offsets`, ...needs},
    {role: `${role} spreads`, key: `${key}.c`, ...needs},
    ...(family === 'additive-density' ? [{role: `${role} weights`, key: `${key}.weights`, ...needs}] : [])
  ]
}

/** One sentence per role, from names and shapes alone: "mean_offset has 1,024 features, fc expects 40 × 5,120". */
export function checkRoles(
  family: HandFamily,
  heads: number,
  filled: Filled,
  layout: HandLayout = {}
): ReadonlyMap<string, RoleCheck> {
  const roles = handRoles(family, heads, layout)
  const stack = family === 'stacked-latent' ? checkStack(heads, layout.stack ?? plainStack, filled) : null
  return new Map(
    roles.map((role) => [
      role.role,
      filled(role.role) ? (stack?.get(role.role) ?? checkRole(family, heads, role, filled)) : openRole(role)
    ])
  )
}

/** How many classes the classifier that is bound tells apart; undefined without one. */
export const handClasses = (
  family: HandFamily,
  {stack = plainStack}: HandLayout,
  filled: Filled
): number | undefined => (family === 'stacked-latent' ? handAnswers(stack, filled) : filled('fc weight')?.shape[0])

const openRole = ({needed, shape}: HandRole): RoleCheck => ({
  state: 'open',
  text: needed ? `needs a tensor of ${shape}` : `left out; ${shape} where there is one`
})

function checkRole(family: HandFamily, heads: number, {role}: HandRole, filled: Filled): RoleCheck {
  const entry = filled(role)!
  const disagreement = disagreementOf(family, heads, role, entry, filled)
  return disagreement === null
    ? {state: 'fits', text: `${shapeText(entry.shape)} fits`}
    : {state: 'disagrees', text: disagreement}
}

const number = (n: number) => n.toLocaleString('en-US')

/** Why a tensor cannot fill its role; null when nothing speaks against it. */
function disagreementOf(
  family: HandFamily,
  heads: number,
  role: string,
  {shape}: TensorEntry,
  filled: Filled
): string | null {
  const size = sizeOf(shape)
  const found = shapeText(shape)
  const headNumber = /^(?:layer \d+ )?head (\d+) (.*)$/.exec(role)
  if (family === 'layer-density' && headNumber) return headDisagreement(headNumber[1]!, headNumber[2]!, shape, filled)
  if (headNumber || family === 'density-gate' || family === 'layer-weights')
    return gaussiansDisagreement(role, shape, filled)
  const [conv1, conv2, fc] = [filled('conv1 weight'), filled('conv2 weight'), filled('fc weight')]
  const features = family === 'layer-density' ? filled('head 0 mean offset') : undefined
  switch (role) {
    case 'conv1 weight':
      if (!isKernel(shape)) return `conv1 is ${found}; four axes with odd kernels are needed`
      return family === 'layer-density' && shape[1]! % heads !== 0
        ? `conv1 has ${number(shape[1]!)} layers, which ${heads} heads cannot share equally`
        : null
    case 'conv2 weight':
      if (!isKernel(shape)) return `conv2 is ${found}; four axes with odd kernels are needed`
      return conv1 && shape[1] !== conv1.shape[0]
        ? `conv2 expects ${number(shape[1]!)} channels, conv1 gives ${number(conv1.shape[0] ?? 0)}`
        : null
    case 'fc weight': {
      if (shape.length !== 2) return `fc is ${found}; (classes, layers × features) is needed`
      const layers = conv2?.shape[0]
      const columns = shape[1]!
      if (!layers) return null
      if (columns % layers !== 0)
        return `fc has ${number(columns)} columns, which ${number(layers)} layers cannot share equally`
      const own = features && sizeOf(features.shape)
      return own !== undefined && columns / layers !== own
        ? `mean_offset has ${number(own)} features, fc expects ${number(layers)} × ${number(columns / layers)}`
        : null
    }
    case 'conv1 bias':
      return conv1 && size !== conv1.shape[0]
        ? `conv1 bias has ${number(size)} numbers, conv1 has ${number(conv1.shape[0] ?? 0)} channels`
        : null
    case 'conv2 bias':
      return conv2 && size !== conv2.shape[0]
        ? `conv2 bias has ${number(size)} numbers, conv2 has ${number(conv2.shape[0] ?? 0)} channels`
        : null
    default:
      return fc && size !== fc.shape[0]
        ? `fc bias has ${number(size)} numbers, fc has ${number(fc.shape[0] ?? 0)} classes`
        : null
  }
}

function headDisagreement(head: string, part: string, shape: readonly number[], filled: Filled): string | null {
  const size = sizeOf(shape)
  if (size === 0) return 'this tensor is empty'
  const [offsets, spreads] = ['mean offset', 'scaled variance']
  const partner = filled(`head ${head} ${part === offsets ? spreads : offsets}`)
  const first = filled(`head 0 ${part}`)
  if (partner && shapeText(partner.shape) !== shapeText(shape)) return unequal(part === offsets, shape, partner.shape)
  if (first && sizeOf(first.shape) !== size)
    return `head ${head} has ${number(size)} features, head 0 has ${number(sizeOf(first.shape))}`
  return null
}

const unequal = (isOffset: boolean, shape: readonly number[], partner: readonly number[]): string =>
  `mean_offset is ${shapeText(isOffset ? shape : partner)}, c is ${shapeText(isOffset ? partner : shape)}; they must be equal`

/** The same for Gaussians along one axis of their own, and for what has no Gaussians. */
function gaussiansDisagreement(role: string, shape: readonly number[], filled: Filled): string | null {
  if (sizeOf(shape) === 0) return 'this tensor is empty'
  if (role === 'projection weight')
    return shape[0] === 1 && sizeOf(shape) === shape[1]
      ? null
      : `the projection is ${shapeText(shape)}; (1, channels, 1) is needed`
  if (role === 'projection bias' || role === 'strength')
    return sizeOf(shape) === 1 ? null : `${shapeText(shape)}; one number is needed`
  if (role === 'layer weights')
    return shape.length === 1 && shape[0]! > 1 ? null : `${shapeText(shape)}; one axis, (layers), is needed`
  if (shape.length !== 1) return `${shapeText(shape)}; one axis, (Gaussians), is needed`
  const isOffset = role.endsWith('mean offsets')
  const stem = role.replace(/(mean offsets|log spreads|spreads|weights)$/, '')
  const partner = isOffset ? (filled(`${stem}spreads`) ?? filled(`${stem}log spreads`)) : filled(`${stem}mean offsets`)
  if (!partner || shapeText(partner.shape) === shapeText(shape)) return null
  return role.endsWith(' weights')
    ? `mean_offset is ${shapeText(partner.shape)}, its weights are ${shapeText(shape)}; they must be equal`
    : unequal(isOffset, shape, partner.shape)
}

const isKernel = (shape: readonly number[]) =>
  shape.length === 4 && shape[2]! % 2 === 1 && shape[3]! % 2 === 1 && sizeOf(shape) > 0
