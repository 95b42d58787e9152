'use client'

import {Dialog} from '@/components/controls/Dialog'
import {useSession} from '@/components/stores'

const keys = [
  ['↑ ↓', 'layer up, layer down'],
  ['← →', 'feature by feature'],
  ['Home End', 'first and last layer'],
  ['Page Up Page Down', 'head by head'],
  ['Enter', 'pin the layer, or let go of it'],
  ['Shift Enter', 'the layer alone; the others step back'],
  ['Esc', 'let go, close, or stop the work'],
  ['+ − 0', 'zoom the map in and out, show all of it'],
  ['Shift + arrows', 'move a zoomed map'],
  ['1 2 3', 'map: density, Importance Factor, learned part'],
  ['O', 'order of the layers'],
  ['T', 'the numbers behind the figure'],
  ['E', 'files of the figure: page, SVG, PNG, tables, arrays'],
  ['M H F', 'mask the layer, its head or the feature'],
  ['S', 'brush: the feature joins a set that is edited together; within the set, let go of it'],
  ['B', 'hold to see the original beside edits'],
  ['N', 'a note on what is pinned or pointed at'],
  ['L', 'the live plot: how importance moves'],
  ['Ctrl O', 'open files'],
  ['Ctrl Z', 'take an edit back; without any, back to what was open before'],
  ['?', 'this page']
] as const

/** Of the panel under the figure, where a map's columns are places. */
const planeKeys = [
  ['Arrows', 'place by place on the input'],
  ['Page Up Page Down', 'row by row'],
  ['Shift ← →', 'brush a span of time; Space plays it where there is sound']
] as const

const panels = [
  [
    'a',
    'Importance Factor',
    'How strongly a layer stands out, 0 to 1: the mean density map, min–max normalised as a whole. Under each bar its untrained twin, on the same scale.'
  ],
  [
    'b',
    'Learned part',
    'What training changed: trained minus untrained mean density, with its 95 % interval over inputs.'
  ],
  ['c', 'Density attention', 'The map itself, layers down and features across.'],
  ['d', 'Gaussians', 'What each head learned: one curve per feature, and dashed the curve before training.'],
  ['e', 'Signal', 'Where the inputs fall under those curves. Values near 0 get the most density.']
] as const

/** What the figure shows and how to move in it. */
export function Help({onClose}: {onClose: () => void}) {
  const onInput = useSession(({explanation}) => explanation?.axes?.plane !== undefined)
  return (
    <Dialog title="How to read this figure" className="wide help" onClose={onClose}>
      <p className="lede">
        The Density Adaptive Attention Mechanism (DAAM) weighs the features of a model’s layers by learned Gaussians: a
        value near a head’s mean counts, a far one does not. Density Lens opens such a checkpoint and draws what it
        learned. A layer is one line that runs through all five panels.
      </p>
      <div className="help-columns">
        <dl className="help-panels">
          {panels.map(([letter, name, text]) => (
            <div key={letter}>
              <dt>
                <i>{letter}</i> {name}
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <table className="help-keys">
          <caption>Keys, with the figure in focus</caption>
          <KeyRows keys={keys} />
        </table>
        {onInput && (
          <table className="help-keys">
            <caption>Keys, with the picture of the input in focus</caption>
            <KeyRows keys={planeKeys} />
          </table>
        )}
      </div>
      <p className="quiet">
        Point to read a layer in every panel, click to pin it, double-click to see it alone. Everything runs in this
        page: no file, number or name leaves it. Only an address that you open is asked for, of its own server.
      </p>
    </Dialog>
  )
}

function KeyRows({keys}: {keys: readonly (readonly [key: string, text: string])[]}) {
  return (
    <tbody>
      {keys.map(([key, text]) => (
        <tr key={key}>
          <th scope="row">
            <kbd>{key}</kbd>
          </th>
          <td>{text}</td>
        </tr>
      ))}
    </tbody>
  )
}
