'use client'

import type {Awaited} from '@/components/awaited'
import {Choice} from '@/components/controls/Choice'
import {shownExplanation, useLens, useSession, useStores} from '@/components/stores'
import {Why} from '@/components/Why'
import {useStandIn} from '@/components/whatIf/standIn'
import {WhatIfPlace} from '@/components/whatIf/WhatIfPlace'
import type {Explanation} from '@/lib/explain/explanation'
import type {Order} from '@/lib/state/lens'

/** The finding is the title, and the caveat stands under it; neither can be closed. */
export function Title({awaited}: {awaited: Awaited}) {
  const whole = useSession(shownExplanation)
  const explanation = useStandIn() ?? whole
  return (
    <div className="title">
      {explanation ? (
        <Finding explanation={explanation} />
      ) : awaited ? (
        <Promised {...(awaited === true ? {} : awaited)} />
      ) : (
        <Welcome />
      )}
      {explanation && <WhatIfPlace />}
      {explanation && <OrderSwitch explanation={explanation} />}
    </div>
  )
}

function Finding({explanation}: {explanation: Explanation}) {
  const {title, caveat, strong} = explanation.finding
  return (
    <>
      <h1>{title}</h1>
      <div className="caveat">
        <Emphasised text={caveat} strong={strong} /> <Why explanation={explanation} />
      </div>
    </>
  )
}

/** Sets one part of a sentence in bold. */
function Emphasised({text, strong}: {text: string; strong: string | null}) {
  const start = strong ? text.indexOf(strong) : -1
  if (!strong || start < 0) return text
  return (
    <>
      {text.slice(0, start)}
      <b>{strong}</b>
      {text.slice(start + strong.length)}
    </>
  )
}

function Welcome() {
  return (
    <>
      <h1>See which layers a model leans on, and what it learned</h1>
      <p className="caveat">
        Density Lens opens checkpoints of the Density Adaptive Attention Mechanism (DAAM) and draws them as one figure.
      </p>
    </>
  )
}

/** Holds the title's place for the moment before the first figure. */
function Promised({title = null, caveat = null}: {title?: string | null; caveat?: string | null}) {
  return (
    <>
      <h1>{title ?? <span className="visually-hidden">Density Lens</span>}</h1>
      <div className="caveat">{caveat}</div>
    </>
  )
}

function OrderSwitch({explanation}: {explanation: Explanation}) {
  const {lens} = useStores()
  const order = useLens((state) => state.order)
  const ranked = explanation.layers.length > 0
  const learned = explanation.layers.some(({untrained}) => untrained !== null)
  // An order that this file cannot give is not offered.
  const options: {value: Order; text: string}[] = [
    {value: 'model', text: 'Model'},
    ...(ranked ? [{value: 'importance', text: 'Importance'} as const] : []),
    ...(learned ? [{value: 'learned', text: 'Learned part'} as const] : [])
  ]
  if (options.length < 2) return null
  return (
    <Choice
      className="order"
      label="Order"
      labelled
      options={options}
      value={order}
      onChange={lens.getState().setOrder}
    />
  )
}
