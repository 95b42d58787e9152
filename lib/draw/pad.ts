/** What a pad shows, in its own units. */
export interface PadMarks {
  /** Units across and down. */
  readonly size: number
  readonly strokes: readonly (readonly {readonly x: number; readonly y: number}[])[]
  /** The keyboard's pen; null while nobody uses it. */
  readonly pen: {readonly x: number; readonly y: number; readonly down: boolean} | null
}

/** Width of a line, in units. */
const thickness = 2.6

/** Draws a pad's strokes and pen in the page's ink; the canvas keeps the size it is laid out in. */
export function drawPad(canvas: HTMLCanvasElement, {size, strokes, pen}: PadMarks): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const pixels = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio))
  canvas.width = pixels
  canvas.height = pixels
  const style = getComputedStyle(canvas)
  context.scale(pixels / size, pixels / size)
  context.lineWidth = thickness
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.strokeStyle = style.getPropertyValue('--ink')
  for (const stroke of strokes) {
    context.beginPath()
    for (const [i, {x, y}] of stroke.entries()) i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)
    // A point is a line to itself.
    if (stroke.length === 1) context.lineTo(stroke[0]!.x, stroke[0]!.y)
    context.stroke()
  }
  if (pen) drawPen(context, pen, style)
}

function drawPen(
  context: CanvasRenderingContext2D,
  {x, y, down}: NonNullable<PadMarks['pen']>,
  style: CSSStyleDeclaration
): void {
  context.beginPath()
  context.arc(x, y, 1.6, 0, 2 * Math.PI)
  context.fillStyle = style.getPropertyValue('--mark')
  context.lineWidth = 0.5
  context.strokeStyle = style.getPropertyValue('--ink')
  if (down) context.fill()
  context.stroke()
}
