import type {Caveat, Explanation, FileIdentity} from '@/lib/explain/explanation'

/** What whoever shares an explanation wants its files to be called; null to say nothing of them. */
export interface FileNames {
  readonly checkpoint: string
  /** One for each file of inputs. */
  readonly inputs: readonly string[]
}

/** The names that an explanation has now. */
export const namesOf = ({provenance: {checkpoint, inputs}}: Explanation): FileNames => ({
  checkpoint: checkpoint.name,
  inputs: inputs.map(({name}) => name)
})

/**
 * The explanation with other names for its files, or without any: single inputs are numbered then, and sentences that
 * name files end before they do. Sizes and SHA-256 stay, since they are what proves it.
 */
export function named(explanation: Explanation, names: FileNames | null): Explanation {
  const {provenance, samples, caveats} = explanation
  const called = (file: FileIdentity, name: string | undefined, unnamed: string) => ({...file, name: name || unnamed})
  const inputs = provenance.inputs.map((file, i) =>
    called(file, names?.inputs[i], provenance.inputs.length > 1 ? `inputs ${i + 1}` : 'inputs')
  )
  const files = {...provenance, checkpoint: called(provenance.checkpoint, names?.checkpoint, 'checkpoint'), inputs}
  const same = names !== null && JSON.stringify(names) === JSON.stringify(namesOf(explanation))
  if (same) return {...explanation, provenance: files}
  return {
    ...explanation,
    provenance: files,
    samples: samples.map((sample, i) => ({...sample, name: `input ${i + 1}`})),
    caveats: caveats.map(withoutFiles)
  }
}

// "3 of 40 files could not be used and are left out. b.npy: …; c.npy: …"
const withoutFiles = (caveat: Caveat): Caveat =>
  caveat.id === 'unusable-inputs' ? {...caveat, text: caveat.text.replace(/(left out\.).*$/s, '$1')} : caveat
