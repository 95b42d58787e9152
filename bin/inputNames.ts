/** An array that input files may hold, as `--help` tells it. */
export interface InputName {
  readonly names: readonly string[]
  readonly shape: string
  readonly what: string
}

/**
 * Every name that readers of inputs ask for. Axes in brackets may be missing: those of one input, and time, which is
 * averaged.
 */
export const inputNames: readonly InputName[] = [
  {
    names: ['features', 'hidden_states', 'array'],
    shape: '([inputs,] layers, [time,] features)',
    what: 'what layers gave, in their own units; for blocks and gates any shape, for pyramids ([inputs,] mels, frames) log mel energies standardised as in training, low bands first. A single array of two axes or more may have any name'
  },
  {
    names: ['regions'],
    shape: '([inputs,] regions, width)',
    what: 'for stacked attention: features of two regions or more; beside it question, tokens or ids'
  },
  {
    names: ['question'],
    shape: '([inputs,] state)',
    what: 'for stacked attention: question vectors, as wide as its state'
  },
  {
    names: ['tokens'],
    shape: '([inputs,] words, width)',
    what: 'for stacked attention with a question encoder: embedded words in reading order'
  },
  {
    names: ['ids'],
    shape: '([inputs,] words)',
    what: 'for stacked attention with a question encoder and embeddings: whole numbers, rows of its table from 0; -1 is padding'
  },
  {
    names: ['lengths'],
    shape: '(inputs)',
    what: 'beside tokens or ids: how many words of each count (default all but the padding at the end)'
  },
  {
    names: ['words'],
    shape: '([inputs,] words, width)',
    what: 'for stacked attention of two streams: features of the words that its second stream attends to'
  },
  {
    names: ['labels', 'label'],
    shape: '(inputs)',
    what: 'true classes: indices from 0, or in a .pt file their names'
  },
  {
    names: ['images'],
    shape: '(inputs, height, width)',
    what: 'small pictures of the inputs in any unit: 0 is paper, the largest value ink'
  }
]

const width = 120
const indent = 27

/** One paragraph for each: names, shape, and what it is, in lines of 120 letters. */
export function inputNamesText(): string {
  return inputNames
    .map(({names, shape, what}) => {
      const lines = wrapped(`${shape} ${what}`, width - indent)
      const head = `  ${names.join(', ')}`
      const fits = head.length + 2 <= indent
      const first = fits ? `${head.padEnd(indent)}${lines[0]}` : `${head}\n${' '.repeat(indent)}${lines[0]}`
      return [first, ...lines.slice(1).map((line) => `${' '.repeat(indent)}${line}`)].join('\n')
    })
    .join('\n')
}

function wrapped(text: string, most: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
