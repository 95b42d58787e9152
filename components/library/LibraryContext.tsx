'use client'

import {createContext, useContext} from 'react'
import {useStore} from 'zustand'
import type {Library, LibraryStore} from '@/lib/state/library'

/** What was opened before; null where nothing is remembered, as in a part of the window shown alone. */
export const LibraryContext = createContext<LibraryStore | null>(null)

/** A part of a library; renders again when it changes. */
export const useLibrary = <T,>(library: LibraryStore, select: (library: Library) => T): T => useStore(library, select)

export const useLibraryStore = (): LibraryStore | null => useContext(LibraryContext)
