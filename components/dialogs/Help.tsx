'use client'

import {useMemo} from 'react'
import {Dialog} from '@/components/controls/Dialog'
import {useSession} from '@/components/stores'
import {helpWords, type KeyLine} from '@/lib/views/helpWords'

/** What the figure shows and how to move in it. */
export function Help({onClose}: {onClose: () => void}) {
  const explanation = useSession(({explanation}) => explanation)
  const {lede, panels, keys, planeKeys} = useMemo(() => helpWords(explanation), [explanation])
  return (
    <Dialog title="How to read this figure" className="wide help" onClose={onClose}>
      <p className="lede">{lede}</p>
      <div className="help-columns">
        <div>
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
          {planeKeys.length > 0 && (
            <table className="help-keys">
              <caption>Keys, with the picture of the input in focus</caption>
              <KeyRows keys={planeKeys} />
            </table>
          )}
        </div>
        <table className="help-keys">
          <caption>Keys, with the figure in focus</caption>
          <KeyRows keys={keys} />
        </table>
      </div>
      <p className="quiet">
        Point to read a {explanation?.axes?.rowName ?? 'layer'} in every panel, click to pin it, double-click to see it
        alone. Everything runs in this page: no file, number or name leaves it. Only an address that you open is asked
        for, of its own server.
      </p>
    </Dialog>
  )
}

function KeyRows({keys}: {keys: readonly KeyLine[]}) {
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
