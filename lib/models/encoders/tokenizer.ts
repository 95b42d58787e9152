import {FormatError} from '@/lib/core/errors'

/** A text as an encoder takes it. */
export interface Tokenised {
  readonly ids: readonly number[]
  /** The same tokens as text, a piece that continues a word with its mark. */
  readonly tokens: readonly string[]
}

export interface LoadedTokenizer {
  encode(text: string): Tokenised
}

/** A tokenizer from the text of a `tokenizer.json`. Throws FormatError for one that cannot be used. */
export async function loadTokenizer(name: string, json: string): Promise<LoadedTokenizer> {
  // Only texts need it.
  const {Tokenizer} = await import('@huggingface/tokenizers')
  try {
    const tokenizer = new Tokenizer(JSON.parse(json), {})
    tokenizer.encode('a')
    return {
      encode: (text) => {
        const {ids, tokens} = tokenizer.encode(text, {add_special_tokens: false})
        return {ids, tokens}
      }
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new FormatError(`${name}: found no tokenizer that works here (${reason}); needed a tokenizer.json`, {
      title: 'Not a tokenizer'
    })
  }
}
