/** Transforms real and imaginary parts in place. */
export type Transform = (real: Float64Array, imaginary: Float64Array) => void

/** The discrete Fourier transform of `n` numbers. */
export const fourier = (n: number): Transform => (Number.isInteger(Math.log2(n)) ? powerOfTwo : chirp(n))

/** Of any length, as a convolution with a chirp (Bluestein). */
function chirp(n: number): Transform {
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1))
  const turn = Float64Array.from({length: n}, (_, k) => (-Math.PI * ((k * k) % (2 * n))) / n)
  const [c, s] = [turn.map(Math.cos), turn.map(Math.sin)]
  const [kernelReal, kernelImaginary] = [new Float64Array(size), new Float64Array(size)]
  for (let k = 0; k < n; k++) {
    kernelReal[k] = kernelReal[(size - k) % size] = c[k]!
    kernelImaginary[k] = kernelImaginary[(size - k) % size] = -s[k]!
  }
  powerOfTwo(kernelReal, kernelImaginary)
  const [re, im] = [new Float64Array(size), new Float64Array(size)]
  return (real, imaginary) => {
    re.fill(0)
    im.fill(0)
    for (let k = 0; k < n; k++) {
      re[k] = real[k]! * c[k]! - imaginary[k]! * s[k]!
      im[k] = real[k]! * s[k]! + imaginary[k]! * c[k]!
    }
    powerOfTwo(re, im)
    for (let k = 0; k < size; k++) {
      const [a, b] = [re[k]!, im[k]!]
      re[k] = a * kernelReal[k]! - b * kernelImaginary[k]!
      im[k] = a * kernelImaginary[k]! + b * kernelReal[k]!
    }
    // Parts changed about, the way there is the way back.
    powerOfTwo(im, re)
    for (let k = 0; k < n; k++) {
      real[k] = (re[k]! * c[k]! - im[k]! * s[k]!) / size
      imaginary[k] = (re[k]! * s[k]! + im[k]! * c[k]!) / size
    }
  }
}

/** Of a power of two (Cooley and Tukey). */
function powerOfTwo(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      ;[real[i], real[j]] = [real[j]!, real[i]!]
      ;[imaginary[i], imaginary[j]] = [imaginary[j]!, imaginary[i]!]
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2
    for (let k = 0; k < half; k++) {
      const angle = (-2 * Math.PI * k) / size
      const [c, s] = [Math.cos(angle), Math.sin(angle)]
      for (let i = k; i < n; i += size) {
        const j = i + half
        const re = real[j]! * c - imaginary[j]! * s
        const im = real[j]! * s + imaginary[j]! * c
        real[j] = real[i]! - re
        imaginary[j] = imaginary[i]! - im
        real[i] = real[i]! + re
        imaginary[i] = imaginary[i]! + im
      }
    }
  }
}
