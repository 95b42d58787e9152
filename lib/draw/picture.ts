/** Small greyscale pictures, (count, height, width), 0 paper to 255 ink. */
export interface Pictures {
  readonly width: number
  readonly height: number
  readonly values: Uint8Array
}

type Colour = readonly [red: number, green: number, blue: number]

/** Draws one picture at its own size, from the wash of the page to its ink, so that it belongs to either theme. */
export function drawPicture(canvas: HTMLCanvasElement, {width, height, values}: Pictures, index: number): void {
  const context = canvas.getContext('2d')
  if (!context) return
  canvas.width = width
  canvas.height = height
  const style = getComputedStyle(canvas)
  const from = colourOf(style.getPropertyValue('--wash'))
  const to = colourOf(style.getPropertyValue('--ink'))
  const image = context.createImageData(width, height)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const ink = (values[index * width * height + pixel] ?? 0) / 255
    for (let part = 0; part < 3; part++) image.data[4 * pixel + part] = from[part]! + (to[part]! - from[part]!) * ink
    image.data[4 * pixel + 3] = 255
  }
  context.putImageData(image, 0, 0)
}

/** `#14181c` → [20, 24, 28]; black for anything else. */
function colourOf(text: string): Colour {
  const hex = /^\s*#([0-9a-f]{6})\s*$/i.exec(text)?.[1]
  const bits = hex ? Number.parseInt(hex, 16) : 0
  return [bits >> 16, (bits >> 8) & 255, bits & 255]
}
