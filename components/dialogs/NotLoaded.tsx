'use client'

import {Dialog} from '@/components/controls/Dialog'

/** Stands for any dialog whose script the server no longer gives, and closes as that one would. */
export function NotLoaded(props: object) {
  const close = 'onClose' in props ? (props.onClose as () => void) : () => {}
  return (
    <Dialog title="Not loaded" onClose={close}>
      <p>The server of this page does not answer, and this part of it is not here yet. Your figure is unchanged.</p>
    </Dialog>
  )
}
