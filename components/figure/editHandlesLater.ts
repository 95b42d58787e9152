import type {EditHandles} from '@/components/figure/editHandles'
import type {LensStore} from '@/lib/state/lens'

let script: typeof import('@/components/figure/editHandles') | null = null

/** Fetches the script of the handles, which no first picture needs. */
export async function loadEditHandles(): Promise<void> {
  script ??= await import('@/components/figure/editHandles')
}

/** The hands on a figure's Gaussians, from when there are edits and their script has come. */
export function editHandlesLater(root: HTMLElement, lens: LensStore): EditHandles {
  let hands: EditHandles | null = null
  let last: Parameters<EditHandles['draw']> | null = null
  let closed = false

  function take() {
    if (!script || !last || closed) return
    hands ??= script.editHandles(root, lens)
    hands.draw(...last)
  }

  return {
    draw: (...asked) => {
      const [, , edits] = asked
      if (!hands && edits === null) return
      last = asked
      if (script) take()
      else loadEditHandles().then(take, () => {})
    },
    canBrush: () => hands?.canBrush() ?? false,
    close: () => {
      closed = true
      hands?.close()
    }
  }
}
