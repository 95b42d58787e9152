import {ReaderError} from '@/lib/core/errors'
import {count, fixed} from '@/lib/core/number'
import type {ExportSheet, SheetText} from '@/lib/views/exportSheet'

/** What browsers of today allow at most; some give up sooner, which shows. */
const most = {side: 32_767, pixels: 2 ** 28}

/** The largest scale, to a tenth, at which a picture of this size (px) could be painted. */
export function largestScale({width, height}: {readonly width: number; readonly height: number}): number {
  const scale = Math.min(most.side / width, most.side / height, Math.sqrt(most.pixels / (width * height)))
  return Math.floor(scale * 10) / 10
}

/**
 * Paints an SVG file of this sheet at a scale. Throws ReaderError when no canvas of this browser holds it, and
 * rejects with the signal's reason once it is aborted.
 */
export async function pngOfSvg(
  document: Document,
  svg: string,
  sheet: ExportSheet,
  {scale, signal}: {readonly scale: number; readonly signal?: AbortSignal | undefined}
): Promise<Blob> {
  const width = Math.round(sheet.width * scale)
  const height = Math.round(sheet.height * scale)
  if (!(scale > 0) || width < 1 || height < 1) throw tooMany(`${scale} is no scale for a picture`, 'one above 0')
  if (scale > largestScale(sheet)) throw tooLarge(width, height, largestScale(sheet))
  const url = URL.createObjectURL(new Blob([svg], {type: 'image/svg+xml'}))
  try {
    const image = document.createElement('img')
    image.src = url
    await image.decode()
    await untilWritten(image, sheet)
    signal?.throwIfAborted()
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0, width, height)
    // A canvas that is too large for this machine stays empty, and says nothing; the paper reaches into every corner.
    if (context?.getImageData(width - 1, height - 1, 1, 1).data[3] !== 255) throw tooLarge(width, height, null)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    signal?.throwIfAborted()
    if (!blob) throw tooLarge(width, height, null)
    return blob
  } finally {
    URL.revokeObjectURL(url)
  }
}

const stepMs = 30
const mostSteps = 150

/**
 * Resolves once the picture shows its words: faces that it carries are read after it is decoded, and until then nothing
 * stands where they will be. Whoever has no word by then is left without.
 */
async function untilWritten(image: HTMLImageElement, {width, height, texts}: ExportSheet): Promise<void> {
  const canvas = image.ownerDocument.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', {willReadFrequently: true})
  const words = (['serif', 'sans'] as const).flatMap((face) => texts.find((text) => text.face === face) ?? [])
  for (let step = 0; context && step < mostSteps; step++) {
    context.drawImage(image, 0, 0)
    if (words.every((text) => isWritten(context, text))) return
    await new Promise((resolve) => setTimeout(resolve, stepMs))
  }
}

/** Whether any ink stands where a line of text begins. */
function isWritten(context: CanvasRenderingContext2D, {x, y, size}: SheetText): boolean {
  const {data} = context.getImageData(Math.round(x), Math.round(y - size), 3 * Math.ceil(size), Math.ceil(size))
  return data.some((value, i) => i % 4 < 3 && value < 160)
}

function tooLarge(width: number, height: number, largest: number | null): ReaderError {
  const needed = largest === null ? 'a smaller scale' : `a scale of at most ${fixed(largest, 1)}`
  return tooMany(`${count(width)} × ${count(height)} pixels are more than a canvas of this browser holds`, needed)
}

const tooMany = (found: string, needed: string) => new ReaderError('Not exported', `${found}; needed ${needed}.`)
