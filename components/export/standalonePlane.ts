import {standaloneLooks} from '@/components/export/standaloneLooks'
import {openPlane} from '@/components/plane/openPlane'
import type {Theme} from '@/lib/core/colour'
import {count} from '@/lib/core/number'
import type {SamplePictures} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import type {PageInput} from '@/lib/share/pageInputs'
import {visibleLine} from '@/lib/share/visible'
import type {LensStore} from '@/lib/state/lens'
import {type PlaneScene, planeAxes, planeGloss, planeScene} from '@/lib/views/plane'
import type {PlanePicture} from '@/lib/views/planePixels'
import type {PlaneSpan} from '@/lib/views/planeSpan'
import {questionText} from '@/lib/views/planeWords'

/** Single inputs that were let go along: each with the picture at its place, where there are pictures. */
export interface PageInputs {
  readonly inputs: readonly PageInput[]
  readonly pictures: SamplePictures | null
}

/**
 * Attention on its places, alive as in the app, in the place that an exported page has for it: the mean, or of one of
 * the inputs that were let go along. Gives the way to draw it in a theme; for maps whose columns are features that draws
 * nothing.
 */
export function standalonePlane(
  explanation: Explanation,
  lens: LensStore,
  {inputs, pictures}: PageInputs
): (theme: Theme) => void {
  const root = document.querySelector<HTMLElement>('.plane-panel')
  const axes = planeAxes(explanation)
  const {density} = explanation
  if (!root || !axes || !density) return () => {}
  const first = explanation.layers.find(({rank}) => rank === 1)?.layer ?? 0
  const gloss = root.querySelector('header .gloss')!
  const asks = root.querySelector<HTMLElement>('.plane-question')!
  let shown = placeOf(lens.getState().sample, inputs.length)
  let span: PlaneSpan | null = null
  let theme: Theme = 'light'
  let scene: PlaneScene | null = null
  let isOwn = false
  /** The scene of the input that is shown, and what is said of it. */
  const turn = () => {
    const input = shown === null ? null : inputs[shown]!
    const picture = shown === null ? null : pictureAt(pictures, shown)
    const fits = input?.map && input.map.rows === density.rows && input.map.cols === density.cols
    const own = fits ? planeScene(axes, input.map!, {theme, picture}) : null
    isOwn = own !== null
    scene = own ?? planeScene(axes, density, {theme, picture})
    root.hidden = scene === null
    const question = questionOf(input)
    gloss.textContent = planeGloss(axes, isOwn, explanation.provenance.samples)
    asks.textContent = question === null ? '' : questionText(question)
    asks.hidden = question === null || axes.plane.after !== undefined
    draw()
  }
  const draw = () => {
    const input = shown === null ? null : inputs[shown]!
    const words = questionOf(input)?.split(/\s+/) ?? null
    const seen = looks.of(isOwn && input ? input.points : [])
    if (scene) plane.show({scene, input: input && nameOf(input), words, first, ...seen, span})
  }
  const onSpan = (brushed: PlaneSpan | null) => {
    span = brushed
    draw()
  }
  // No sound travels in the file.
  const plane = openPlane(root, lens, {onSpan, onPlay: () => {}})
  const looks = standaloneLooks(root, lens, {axes, first, onChange: () => draw()})
  const offer = root.querySelector<HTMLSelectElement>('.plane-input select')
  if (offer) {
    offer.append(new Option(`Mean over ${count(explanation.provenance.samples)} inputs`, ''))
    for (const [place, input] of inputs.entries()) offer.append(new Option(nameOf(input), String(place)))
    offer.value = shown === null ? '' : String(shown)
    offer.addEventListener('change', () => {
      shown = offer.value === '' ? null : Number(offer.value)
      span = null
      turn()
    })
  }
  return (now) => {
    theme = now
    turn()
  }
}

/** The input that was looked at, else the first that came along. */
const placeOf = (sample: number | null, along: number): number | null =>
  along === 0 ? null : sample !== null && sample < along ? sample : 0

const questionOf = (input: PageInput | null): string | null => (input?.question ? visibleLine(input.question) : null)

const nameOf = ({index}: PageInput): string => `Input ${count(index + 1)}`

function pictureAt(pictures: SamplePictures | null, place: number): PlanePicture | null {
  if (!pictures || place >= pictures.count) return null
  const {width, height, values} = pictures
  return {width, height, values: values.subarray(place * width * height, (place + 1) * width * height)}
}
