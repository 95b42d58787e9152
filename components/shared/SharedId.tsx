'use client'

import {createContext, useContext} from 'react'

/** The id under which a server keeps what this page shows; null on pages of their own. */
export const SharedId = createContext<string | null>(null)

export const useSharedId = (): string | null => useContext(SharedId)
