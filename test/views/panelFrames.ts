import type {Explanation} from '@/lib/explain/explanation'
import type {Form, Order, PanelFrame, PanelLetter} from '@/lib/views/frame'
import {figureLayout, placeOf} from '@/lib/views/layout'
import {figureRows} from '@/lib/views/rowOrder'

/** The frame a panel gets in a figure 1,232 px wide (a phone's: 343). */
export function frameOf(
  explanation: Explanation,
  letter: PanelLetter,
  {order = 'model', form = 'wide', big = false}: {order?: Order; form?: Form; big?: boolean} = {}
): PanelFrame {
  const size = {width: form === 'wide' ? 1232 : 343, height: 496}
  const layout = figureLayout(figureRows(explanation, order), size, {form, enlarged: big ? letter : null})
  return placeOf(layout, letter)!.panel.frame
}
