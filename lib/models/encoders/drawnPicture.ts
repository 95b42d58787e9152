import type {EncoderInput} from './description'

/** A line that was drawn without lifting the pen: points in the pad's own units, x to the right and y down. */
export type Stroke = readonly {readonly x: number; readonly y: number}[]

/**
 * A drawing as the picture (channels, height, width) that an encoder of handwriting takes: four bitmap pixels each way
 * for one of the picture, whose value is the share of them that are on. This is how the 8 × 8 digits of the UCI
 * repository were made (Optical Recognition of Handwritten Digits, 1998): 32 × 32 bitmaps, counts over blocks of 4 × 4.
 */
export function drawnPicture(
  strokes: readonly Stroke[],
  {width, height, channels, range: [low, high]}: Extract<EncoderInput, {kind: 'patches'}>
): Float32Array {
  const shares = blockShares(inkBitmap(strokes, width * block, height * block), width * block)
  const picture = new Float32Array(channels * shares.length)
  for (let channel = 0; channel < channels; channel++)
    picture.set(
      shares.map((share) => low + share * (high - low)),
      channel * shares.length
    )
  return picture
}

/** Bitmap pixels, each way, of one pixel of the picture. */
const block = 4

/** The share of pixels that are on in each block of 4 × 4, row by row. `width` in pixels of the bitmap. */
export function blockShares(bitmap: Uint8Array, width: number): Float32Array {
  const across = width / block
  const shares = new Float32Array(bitmap.length / block ** 2)
  for (const [i, on] of bitmap.entries()) {
    const [x, y] = [i % width, Math.floor(i / width)]
    shares[Math.floor(y / block) * across + Math.floor(x / block)]! += on / block ** 2
  }
  return shares
}

// NIST's form-based recognition system, whose bitmaps these are, scaled each character's box to 20 × 32 pixels, centred
// it in 32 × 32, and thinned or thickened its lines where they covered too much or too little. In the 1,797 published
// digits all are 8 rows high, most 6 columns wide, and their ink covers 30 to 31 % whatever the digit.
const boxWidth = 20 / 32
const usualInk = 0.305
/** Diameters of the pen, as shares of the height. */
const pens = {first: 6 / 32, least: 3 / 32, most: 10 / 32}
/** A drawing is made wider, or higher, than it is by no more than this: a stick stays one. */
const mostStretch = 1.8

/** A bitmap (height, width) of ones and zeros, with the drawing brought to its usual size, place and thickness. */
export function inkBitmap(strokes: readonly Stroke[], width: number, height: number): Uint8Array {
  const drawn = strokes.filter(({length}) => length > 0)
  if (drawn.length === 0) return new Uint8Array(width * height)
  const tried = distances(fitted(drawn, width, height, pens.first * height), width, height)
  const pen = Math.max(pens.least, Math.min(pens.most, penFor(tried, usualInk) / height)) * height
  return Uint8Array.from(distances(fitted(drawn, width, height, pen), width, height), (d) => Number(d <= pen / 2))
}

/** The diameter with which so large a share of the pixels is on. */
function penFor(distance: Float64Array, share: number): number {
  const ascending = Float64Array.from(distance).sort()
  return 2 * ascending[Math.round(share * (ascending.length - 1))]!
}

/** The strokes with their box, pen and all, scaled to the box and centred. */
function fitted(strokes: readonly Stroke[], width: number, height: number, pen: number): readonly Stroke[] {
  const [left, right] = ends(strokes.flatMap((stroke) => stroke.map(({x}) => x)))
  const [top, bottom] = ends(strokes.flatMap((stroke) => stroke.map(({y}) => y)))
  const across = (boxWidth * width - pen) / (right - left)
  const down = (height - pen) / (bottom - top)
  // A dot has no size to scale: both are infinite, and zero times either is no place.
  const finite = (scale: number) => (Number.isFinite(scale) ? scale : 0)
  const [x1, y1] = [finite(Math.min(across, down * mostStretch)), finite(Math.min(down, across * mostStretch))]
  return strokes.map((stroke) =>
    stroke.map(({x, y}) => ({
      x: width / 2 + (x - (left + right) / 2) * x1,
      y: height / 2 + (y - (top + bottom) / 2) * y1
    }))
  )
}

function ends(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return [low, high]
}

/** How far the middle of each pixel lies from the nearest line. */
function distances(strokes: readonly Stroke[], width: number, height: number): Float64Array {
  const nearest = new Float64Array(width * height).fill(Infinity)
  const reach = (from: Stroke[number], to: Stroke[number]) => {
    const [dx, dy] = [to.x - from.x, to.y - from.y]
    const squared = dx * dx + dy * dy || 1
    for (let i = 0; i < nearest.length; i++) {
      const [x, y] = [(i % width) + 0.5 - from.x, Math.floor(i / width) + 0.5 - from.y]
      const along = Math.max(0, Math.min(1, (x * dx + y * dy) / squared))
      nearest[i] = Math.min(nearest[i]!, (x - along * dx) ** 2 + (y - along * dy) ** 2)
    }
  }
  for (const stroke of strokes.map(thinned)) {
    if (stroke.length === 1) reach(stroke[0]!, stroke[0]!)
    for (let i = 1; i < stroke.length; i++) reach(stroke[i - 1]!, stroke[i]!)
  }
  return nearest.map(Math.sqrt)
}

/** A pen reports more points than pixels: those less than half a pixel from the one before are left out. */
function thinned(stroke: Stroke): Stroke {
  let last = stroke[0]!
  return stroke.filter((point, i) => {
    const kept = i === 0 || i === stroke.length - 1 || Math.hypot(point.x - last.x, point.y - last.y) >= 0.5
    if (kept) last = point
    return kept
  })
}
