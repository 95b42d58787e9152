'use client'

import {createContext, useContext} from 'react'

/** The dialogs that a person can ask for. */
export type DialogName =
  | 'help'
  | 'tensors'
  | 'bind'
  | 'things'
  | 'data'
  | 'settings'
  | 'about'
  | 'address'
  | 'share'
  | 'export'
  | 'embed'

/** What every part of the shell may ask of the whole. */
export interface Room {
  /** Opens the file picker. */
  readonly pick: () => void
  readonly show: (dialog: DialogName) => void
}

export const RoomContext = createContext<Room>({pick: () => {}, show: () => {}})

export const useRoom = (): Room => useContext(RoomContext)
