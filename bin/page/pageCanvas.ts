import {deflateSync} from 'node:zlib'
import {pngFile, pngRows} from '@/lib/share/pngBytes'
import {PageElement} from './pageElement'

/** Pixels, (height, width, 4) bytes. */
export class PageImage {
  constructor(
    readonly data: Uint8ClampedArray<ArrayBuffer>,
    readonly width: number,
    readonly height: number
  ) {}
}

/** A canvas that takes the pixels of a whole picture and gives them back as a PNG. */
export class PageCanvas extends PageElement {
  width = 300
  height = 150
  #image: PageImage | null = null

  getContext = () => ({
    putImageData: (image: PageImage) => {
      this.#image = image
    }
  })

  toDataURL(): string {
    const {width, height} = this
    const rgba = this.#image?.data ?? new Uint8ClampedArray(4 * width * height)
    const packed = deflateSync(pngRows({width, height, rgba}))
    return `data:image/png;base64,${Buffer.from(pngFile(width, height, packed)).toString('base64')}`
  }
}
