'use client'

import {useCallback, useEffect, useRef, useState} from 'react'
import type {ExportKind} from '@/components/export/exportFile'
import type {ExportSubject} from '@/components/export/exportSubject'
import {saveFile} from '@/components/saveFile'
import {ReaderError} from '@/lib/core/errors'

export type ExportState =
  | {readonly kind: 'idle'}
  /** `visible` once it has taken longer than a person takes for at once. */
  | {readonly kind: 'making'; readonly what: ExportKind; readonly text: string; readonly visible: boolean}
  | {readonly kind: 'saved'; readonly name: string; readonly size: number; readonly left: string | null}
  | {readonly kind: 'failed'; readonly why: string}

const atOnceMs = 500

/** Makes one file at a time and gives it to the person; another that is asked for takes its place. */
export function useExport() {
  const [state, setState] = useState<ExportState>({kind: 'idle'})
  const work = useRef<AbortController>(null)
  const cancel = useCallback(() => {
    work.current?.abort()
    work.current = null
    setState({kind: 'idle'})
  }, [])
  useEffect(() => () => work.current?.abort(), [])

  const save = useCallback(async (what: ExportKind, subject: ExportSubject, scale: number) => {
    work.current?.abort()
    const mine = new AbortController()
    work.current = mine
    const {signal} = mine
    const change = (next: Partial<Extract<ExportState, {kind: 'making'}>>) =>
      setState((was) => (was.kind === 'making' && !signal.aborted ? {...was, ...next} : was))
    setState({kind: 'making', what, text: 'Making the file', visible: false})
    const slow = setTimeout(() => change({visible: true}), atOnceMs)
    try {
      const {exportFile} = await import('@/components/export/exportFile')
      const options = {scale, signal, onProgress: (text: string) => change({text})}
      const {name, blob, left} = await exportFile(what, subject, options)
      if (signal.aborted) return
      saveFile(blob, name)
      setState({kind: 'saved', name, size: blob.size, left})
    } catch (error) {
      if (!signal.aborted) setState({kind: 'failed', why: whyOf(error)})
    } finally {
      clearTimeout(slow)
    }
  }, [])

  return {state, save, cancel}
}

function whyOf(error: unknown): string {
  if (error instanceof ReaderError) return error.message
  return `The file could not be made (${error instanceof Error ? error.message : error}); needed a page that is whole.`
}
