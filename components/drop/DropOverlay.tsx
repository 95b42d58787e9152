'use client'

import {DropBand} from '@/components/drop/DropBand'
import {plural} from '@/lib/core/number'

/** While files hang over an open figure: the figure steps back and the band runs through its middle. */
export function DropOverlay({files}: {files: number}) {
  return (
    <div className="drop-overlay">
      <DropBand headline={files === 1 ? 'Drop to open' : `Drop to open ${plural(files, 'file')}`} />
    </div>
  )
}
