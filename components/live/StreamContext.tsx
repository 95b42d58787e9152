'use client'

import {createContext, useContext} from 'react'
import {useStore} from 'zustand'
import type {LiveStream, LiveStreamStore} from '@/lib/state/liveStream'

/** How importance moves; null where nothing is followed, as in a part of the window shown alone. */
export const StreamContext = createContext<LiveStreamStore | null>(null)

export const useStreamStore = (): LiveStreamStore | null => useContext(StreamContext)

/** A part of a stream; renders again when it changes. What changes with every sample is drawn without React. */
export const useStream = <T,>(stream: LiveStreamStore, select: (now: LiveStream) => T): T => useStore(stream, select)
