/** A piece of a sentence. */
export interface SentencePiece {
  readonly text: string
  readonly strong: boolean
}

/** Writes a sentence into `element`, its strong pieces as `<b>`. The same pieces leave the same document. */
export function drawSentence(element: HTMLElement, pieces: readonly SentencePiece[]): void {
  const {ownerDocument} = element
  element.replaceChildren(
    ...pieces.map(({text, strong}) => {
      if (!strong) return ownerDocument.createTextNode(text)
      const bold = ownerDocument.createElement('b')
      bold.textContent = text
      return bold
    })
  )
}
