import {readFile} from 'node:fs/promises'
import {join} from 'node:path'

/** A font as the renderer of pictures takes it. */
export interface PictureFont {
  /** `serif-latin`, `sans-greek`. */
  readonly name: string
  readonly data: ArrayBuffer
  readonly weight: 400 | 600
  readonly style: 'normal'
}

// The renderer does not unpack woff2, which is all that the page's own, variable fonts come in.
const faces = {serif: 'source-serif-4', sans: 'source-sans-3'} as const
const scripts = ['latin', 'latin-ext', 'greek'] as const

let fonts: Promise<readonly PictureFont[]> | null = null

/** The fonts that pictures of explanations are drawn with, read once. */
export function pictureFonts(): Promise<readonly PictureFont[]> {
  fonts ??= readFonts().catch((error) => {
    fonts = null
    throw error
  })
  return fonts
}

const readFonts = () =>
  Promise.all(
    (['serif', 'sans'] as const).flatMap((name) =>
      ([400, 600] as const).flatMap((weight) => scripts.map((script) => readFont(name, weight, script)))
    )
  )

async function readFont(name: keyof typeof faces, weight: 400 | 600, script: string): Promise<PictureFont> {
  const face = faces[name]
  const file = `node_modules/@fontsource/${face}/files/${face}-${script}-${weight}-normal.woff`
  const {buffer, byteOffset, byteLength} = await readFile(join(/* turbopackIgnore: true */ process.cwd(), file))
  return {
    name: `${name}-${script}`,
    weight,
    style: 'normal',
    data: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
  }
}
