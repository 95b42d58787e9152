'use client'

import {createContext, useContext} from 'react'
import {useStore} from 'zustand'
import type {Watch, WatchStore} from '@/lib/state/watch'

/** What is watched; null where nothing can be, as in a part of the window shown alone. */
export const WatchContext = createContext<WatchStore | null>(null)

export const useWatchStore = (): WatchStore | null => useContext(WatchContext)

/** A part of it; renders again when it changes. */
export const useWatch = <T,>(watch: WatchStore, select: (now: Watch) => T): T => useStore(watch, select)
