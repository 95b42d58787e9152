/** Bytes of buffers on a device, whoever made them. */
export interface DeviceMemory {
  /** Allocated now. */
  readonly bytes: number
  /** Most since the count began, or since `restart`. */
  readonly peak: number
  /** Begins the peak anew, from what is allocated now. */
  restart(): void
}

/**
 * Counts the buffers of a device from here on: all that its `createBuffer` gives, until `destroy`. A buffer that is
 * left to the garbage collector stays counted, because nothing says when its memory comes back.
 */
export function meterDevice(device: GPUDevice): DeviceMemory {
  let bytes = 0
  let peak = 0
  const createBuffer = device.createBuffer.bind(device)
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor)
    const destroy = buffer.destroy.bind(buffer)
    let counted = buffer.size
    bytes += counted
    peak = Math.max(peak, bytes)
    buffer.destroy = () => {
      bytes -= counted
      counted = 0
      return destroy()
    }
    return buffer
  }
  return {
    get bytes() {
      return bytes
    },
    get peak() {
      return peak
    },
    restart() {
      peak = bytes
    }
  }
}
