import type {Openable} from '@/lib/engine/protocol'
import {httpAddress} from '@/lib/formats/http/httpAddress'

// What only those need who open something of their own; the session fetches it then, or the window before.
export {filesInFolders, tensorFilesOf} from './droppedFolders'
export {encoderAlone, encoderIn} from './encoderFiles'
export {filesGiven} from './filesGiven'
export {lookInto} from './lookInto'
export {judged, readShared} from './shared'
export {sortFiles} from './sortFiles'

/** What is to be opened there. What is no address is refused where it would be opened. */
export function openableAt(address: string): Openable {
  // A path of this site.
  if (/^\/[^/]/.test(address)) return {kind: 'address', name: address.slice(address.lastIndexOf('/') + 1), url: address}
  try {
    return {kind: 'remote', name: httpAddress(address).name, address}
  } catch {
    return {kind: 'remote', name: address, address}
  }
}
