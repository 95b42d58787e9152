import type {Openable} from '@/lib/engine/protocol'
import {groupFiles} from '@/lib/formats/sharded/groupFiles'
import {blobSource} from '@/lib/formats/source'

/** As much as tells whether a file is an index; reading ahead would read all of thousands. */
const headBytes = 64

/** What a person's files are to be opened as: the parts of one checkpoint together, every other file alone. */
export async function openablesOf(files: readonly File[]): Promise<Openable[]> {
  const groups = await groupFiles(files, (file) => blobSource(file, file.name, headBytes))
  return groups.map((group): Openable => {
    const [first] = group as [File]
    return group.length === 1 ? {kind: 'file', file: first} : {kind: 'set', name: first.name, files: group}
  })
}
