const svgName = 'http://www.w3.org/2000/svg'

type Attributes = Readonly<Record<string, string | number>>

/** An SVG element with attributes, in no place yet. */
export function svgElement(document: Document, name: string, attributes: Attributes): SVGElement {
  const made = document.createElementNS(svgName, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  return made
}

/** The same as the last child of `parent`. */
export function child(parent: SVGElement, name: string, attributes: Attributes): SVGElement {
  const made = svgElement(parent.ownerDocument, name, attributes)
  parent.append(made)
  return made
}

/** Pixels as the address of a PNG: (height, width, 4) sRGB bytes. */
export function pngAddress(
  document: Document,
  {
    width,
    height,
    rgba
  }: {readonly width: number; readonly height: number; readonly rgba: Uint8ClampedArray<ArrayBuffer>}
): string {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')!.putImageData(new ImageData(rgba, width, height), 0, 0)
  return canvas.toDataURL('image/png')
}
