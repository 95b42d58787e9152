import {type BrowserTable, memoryTable, openTable} from './browserTable'
import type {LibraryEntry} from './libraryEntry'

/** Where entries are kept between visits. */
export type LibraryShelf = Omit<BrowserTable<LibraryEntry>, 'get'>

/** The shelf of this browser. */
export const openShelf = (): Promise<LibraryShelf> => openTable('density-lens', 'checkpoints')

/** A shelf that lasts as long as the page. */
export const memoryShelf = (): LibraryShelf => memoryTable()
