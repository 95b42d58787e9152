import type {Grid} from '@/lib/core/grid'
import type {SamplePictures} from '@/lib/engine/protocol'
import type {Edit} from '@/lib/explain/edit'
import type {Explanation} from '@/lib/explain/explanation'
import type {SamplingPoints} from '@/lib/models/family'
import type {FileNames} from '@/lib/share/named'
import type {SharedView} from '@/lib/share/sharedView'
import type {ExportedMap} from '@/lib/views/exportFigure'
import type {Note} from '@/lib/views/note'

/** What the figure shows, and how much of it may be said. */
export interface ExportSubject {
  readonly explanation: Explanation
  readonly view: SharedView
  /** One input's own map, where it stands in the place of the mean. */
  readonly own: ExportedMap | null
  /** What a person changed. */
  readonly edits: readonly Edit[]
  /** What a person noted on it. */
  readonly notes: readonly Note[]
  /** What files are to be called; null to name none. */
  readonly names: FileNames | null
  /** Asks for the density map of one input; null where the inputs are not here. */
  readonly sampleMap: ((index: number) => Promise<Grid>) | null
  /** Asks where a place of one input samples; null where nothing does, and where the inputs are not here. */
  readonly samplingPoints: ((index: number, row: number, column: number) => Promise<SamplingPoints | null>) | null
  readonly inputs: ExportedInputs
}

/** What of single inputs was let into pages and pictures: nothing, unless a person chose it. */
export interface ExportedInputs {
  /** By index, ascending. */
  readonly chosen: readonly number[]
  /** Of all inputs; null to show none. */
  readonly pictures: SamplePictures | null
  /** What each input asks; null to say none. */
  readonly questions: readonly string[] | null
}
