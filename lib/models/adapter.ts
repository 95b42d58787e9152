/** What a WebGPU adapter says of itself. */
export interface AdapterReport {
  /** As a person would call it: `NVIDIA GeForce RTX 4090`, `google swiftshader`. */
  readonly name: string
  /** It runs on the processor: correct, and slower than WASM. */
  readonly software: boolean
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp\b|software/i

/** Names an adapter and says whether it is software. Browsers hide parts of the description; what is there is used. */
export function describeAdapter(adapter: GPUAdapter): AdapterReport {
  const {vendor = '', architecture = '', device = '', description = ''} = adapter.info ?? {}
  const name = description || [vendor, architecture || device].filter(Boolean).join(' ') || 'unnamed adapter'
  const said = `${vendor} ${architecture} ${device} ${description}`
  return {name, software: fallbackFlag(adapter) || softwareNames.test(said)}
}

// The flag moved from the adapter to its info; older browsers have only the first.
function fallbackFlag(adapter: GPUAdapter): boolean {
  const {info} = adapter
  const older = adapter as GPUAdapter & {readonly isFallbackAdapter?: boolean}
  return Boolean(info?.isFallbackAdapter || older.isFallbackAdapter)
}

/** Asks the browser for an adapter. The answer, or one clause saying why there is none. */
export async function findAdapter(): Promise<GPUAdapter | string> {
  const gpu = globalThis.navigator?.gpu
  if (!gpu) return 'there is no WebGPU here'
  try {
    const adapter = await gpu.requestAdapter({powerPreference: 'high-performance'})
    return adapter ?? 'the browser offers no WebGPU adapter'
  } catch (error) {
    return `asking for a WebGPU adapter failed (${error instanceof Error ? error.message : String(error)})`
  }
}
