const most = 16

/** Sentences of one kind for a person to read: the first few, and how many more there are. */
export const fewSentences = (sentences: readonly string[]): string[] =>
  sentences.length <= most
    ? [...sentences]
    : [...sentences.slice(0, most), `${sentences.length - most} more of the kind`]
