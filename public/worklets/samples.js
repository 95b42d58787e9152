// Hands the samples that a microphone hears to the page, about ten times a second. Runs beside the page's own scripts.

const atOnce = 4096

class Samples extends AudioWorkletProcessor {
  constructor() {
    super()
    this.kept = new Float32Array(atOnce)
    this.count = 0
  }

  process([channels]) {
    const heard = channels[0]
    if (heard) {
      this.kept.set(heard.subarray(0, atOnce - this.count), this.count)
      this.count += heard.length
    }
    if (this.count >= atOnce) {
      this.port.postMessage(this.kept)
      this.count = 0
    }
    return true
  }
}

registerProcessor('samples', Samples)
