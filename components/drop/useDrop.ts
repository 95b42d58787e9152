'use client'

import {useEffect, useState} from 'react'
import {useStores} from '@/components/stores'
import {noteHandles} from '@/lib/state/fileHandles'

/** How many files are being dragged over the window, or null. Whatever is let go anywhere in it is opened. */
export function useDrop(): number | null {
  const {session} = useStores()
  const [files, setFiles] = useState<number | null>(null)

  useEffect(() => {
    // Entering a child leaves its parent: only when as many have been left as entered is the window left.
    let depth = 0
    const over = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      event.dataTransfer!.dropEffect = 'copy'
    }
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth++
      setFiles(event.dataTransfer!.items.length)
    }
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setFiles(null)
    }
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth = 0
      setFiles(null)
      const {items} = event.dataTransfer!
      const {openFiles} = session.getState()
      // Entries are asked for while the drop is being handled; afterwards there are none.
      const entries = [...items].flatMap((item) => item.webkitGetAsEntry?.() ?? [])
      if (entries.some(({isDirectory}) => isDirectory)) {
        void filesIn(entries).then(openFiles)
        return
      }
      const dropped = [...event.dataTransfer!.files]
      noteHandles(items, dropped)
      openFiles(dropped)
    }
    const listeners = {dragover: over, dragenter: enter, dragleave: leave, drop} as const
    for (const [type, listener] of Object.entries(listeners)) addEventListener(type, listener as EventListener)
    return () => {
      for (const [type, listener] of Object.entries(listeners)) removeEventListener(type, listener as EventListener)
    }
  }, [session])

  return files
}

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

async function filesIn(entries: readonly FileSystemEntry[]): Promise<readonly File[]> {
  const {filesInFolders, tensorFilesOf} = await import('@/lib/state/opening')
  return tensorFilesOf(await filesInFolders(entries))
}
