import type {Segment} from '@/lib/explain/reading'

/**
 * About how wide a text is, px, a little more than it will be: by kinds of letters, as the faces we ship have them. East
 * Asian letters and emoji are as wide as they are high.
 */
export function widthOf(text: string, size: number): number {
  let width = 0
  for (const letter of text) width += emOf(letter)
  return width * size
}

function emOf(letter: string): number {
  if (letter.codePointAt(0)! >= 0x2e80) return 1
  if (/[\s.,;:'’|!iljtfrI()[\]/-]/.test(letter)) return 0.32
  if (/[MWmw@%—…×]/.test(letter)) return 0.84
  return /\p{Lu}/u.test(letter) ? 0.64 : 0.53
}

/** Breaks a text between words into lines of a width, px; a word that is wider by itself is broken within. */
export function linesOf(text: string, width: number, size: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer, size) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = ''
    for (const letter of word) {
      if (line !== '' && widthOf(line + letter, size) > width) {
        lines.push(line)
        line = ''
      }
      line += letter
    }
  }
  return line === '' ? lines : [...lines, line]
}

/** The same of a text that is bold in parts: each line in pieces. */
export function segmentLines(reading: readonly Segment[], width: number, size: number): Segment[][] {
  const whole = reading.map(({text}) => text).join('')
  const strongAt: boolean[] = reading.flatMap(({text, strong}) => Array<boolean>(text.length).fill(strong))
  let start = 0
  return linesOf(whole, width, size).map((line) => {
    const from = whole.indexOf(line, start)
    start = from + line.length
    const pieces: {text: string; strong: boolean}[] = []
    for (let i = 0; i < line.length; i++) {
      const strong = strongAt[from + i] ?? false
      const last = pieces.at(-1)
      if (last?.strong === strong) last.text += line[i]
      else pieces.push({text: line[i]!, strong})
    }
    return pieces
  })
}
