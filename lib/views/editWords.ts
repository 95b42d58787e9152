import {fixed, plural, signed} from '@/lib/core/number'
import {type Edit, editedHeads, type GaussianEdit} from '@/lib/explain/edit'
import type {Explanation, HeadGaussians} from '@/lib/explain/explanation'
import {capital} from '@/lib/explain/words'

/** One edit as a sentence: `Head 2, feature 17: c 1.94 → 0.60`. */
export function editSentence(explanation: Explanation, edit: Edit): string {
  const {axes, heads} = explanation
  if (edit.kind === 'mask') {
    const what = {layer: axes?.rowName ?? 'layer', head: 'head', feature: axes?.colName ?? 'feature'}[edit.of]
    return `${capital(what)} ${edit.index + 1}: masked, so that it reaches no prediction`
  }
  const head = heads.find((candidate) => candidate.head === edit.head)
  return head ? `${placeText(explanation, edit)}: ${changeText(explanation, head, edit)}` : placeText(explanation, edit)
}

/** What is moved: `Head 2, feature 17`, `Head 2, features 11–22`, `Head 2, all 64 features`. */
export function placeText({axes, heads}: Explanation, {head, only}: Pick<GaussianEdit, 'head' | 'only'>): string {
  const found = heads.find((candidate) => candidate.head === head)
  const noun = found?.kind === 'feature' ? (axes?.colName ?? 'feature') : 'component'
  const count = found?.offset.length ?? 0
  const which =
    only === null
      ? count === 1
        ? `its ${noun}`
        : `all ${plural(count, noun)}`
      : only.length === 1
        ? `${noun} ${only[0]! + 1}`
        : setText(only, noun)
  return `Head ${head + 1}, ${which}`
}

// Sets are brushed, and have nothing missing in between.
function setText(only: readonly number[], noun: string): string {
  const whole = only.every((at, i) => at === only[0]! + i)
  return whole && only.length > 0 ? `${noun}s ${only[0]! + 1}–${only.at(-1)! + 1}` : plural(only.length, noun)
}

/** The same by how it changes, where the numbers before it are not at hand: `Head 2, feature 17: spread × 0.31`. */
export function editInWords(explanation: Explanation, edit: Edit): string {
  return edit.kind === 'mask'
    ? editSentence(explanation, edit)
    : `${placeText(explanation, edit)}: ${relativeText(edit)}`
}

/** Without changes of this size it would read `1.94 → 1.94`. */
const digits = 2

// One Gaussian's numbers are told as they are, those of many by how they change.
function changeText(explanation: Explanation, head: HeadGaussians, edit: GaussianEdit): string {
  const {only, shift, scale} = edit
  const [one] = only?.length === 1 ? only : head.offset.length === 1 ? [0] : []
  if (one === undefined) return relativeText(edit)
  const after = editedHeads(explanation, [edit]).find((candidate) => candidate.head === head.head)!
  const arrow = (before: number, now: number) => `${fixed(before, digits)} → ${fixed(now, digits)}`
  const moved = shift === 0 ? [] : [`δ ${arrow(head.offset[one]!, after.offset[one]!)}`]
  return [...moved, ...(scale === 1 ? [] : [`c ${arrow(head.spread[one]!, after.spread[one]!)}`])].join(', ')
}

function relativeText({shift, scale}: GaussianEdit): string {
  const moved = shift === 0 ? [] : [`offset ${signed(shift, digits)} z`]
  return [...moved, ...(scale === 1 ? [] : [`spread × ${fixed(scale, digits)}`])].join(', ')
}

/** The mark in the title: what is shown is supposed. */
export const supposedText = (edits: number, over: {readonly inputs: number; readonly of: number} | null): string =>
  `What if: ${plural(edits, 'edit')}${over ? `; without intervals, over ${over.inputs} of ${plural(over.of, 'input')}` : ''}`
