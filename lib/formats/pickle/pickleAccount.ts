import type {FileValue, NamedGlobal} from '../archive'

const mostNames = 1000
const mostCalls = 5
const longestCall = 300

interface Met {
  readonly standing: NamedGlobal['standing']
  readonly calls: string[]
  callCount: number
}

/** What one pickle names and asks to be called, for a person to read. Nothing in it is ever looked up. */
export class PickleAccount {
  private readonly met = new Map<string, Met>()

  /** A class or function is named for the first time. */
  meet(global: string, standing: NamedGlobal['standing']): void {
    if (!this.met.has(global)) this.met.set(global, {standing, calls: [], callCount: 0})
  }

  /** The pickle asks for something to be called that is not known. */
  call(global: string, args: readonly FileValue[]): void {
    // What a record gives when it is called itself was never named.
    this.meet(global, 'inert')
    const met = this.met.get(global)!
    met.callCount++
    if (met.calls.length < mostCalls && this.met.size <= mostNames) met.calls.push(callText(global, args))
  }

  /** Names that are neither understood nor harmless, in the order they were met. */
  inert(): string[] {
    return [...this.met].filter(([, {standing}]) => standing === 'inert').map(([name]) => name)
  }

  /** Every name: first what was left inert, the called before the merely named, then the rest. */
  named(): NamedGlobal[] {
    const rank = ({standing, callCount}: Met) => (standing !== 'inert' ? 2 : callCount > 0 ? 0 : 1)
    return [...this.met]
      .sort(([, a], [, b]) => rank(a) - rank(b))
      .slice(0, mostNames)
      .map(([name, {standing, calls, callCount}]) => ({name, standing, calls, callCount}))
  }
}

/** `posix.system("echo hello")`: a call as Python would show it, cut short. */
function callText(global: string, args: readonly FileValue[]): string {
  const text = `${global}(${listText(args, 0)})`
  return text.length > longestCall ? `${text.slice(0, longestCall)}…` : text
}

const listText = (values: readonly FileValue[], depth: number): string => {
  const most = depth === 0 ? 8 : 4
  const shown = values.slice(0, most).map((value) => valueText(value, depth))
  return [...shown, ...(values.length > most ? ['…'] : [])].join(', ')
}

// One level inside is enough to be understood; a list may hold itself, and a short pickle may repeat a long text often.
function valueText(value: FileValue, depth: number): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, depth === 0 ? longestCall : 80))
  if (typeof value === 'number') return String(value)
  // Spelling out a number of a million digits takes minutes.
  if (typeof value === 'bigint') return value < 1n << 128n && value > -(1n << 128n) ? String(value) : 'a long number'
  if (value instanceof Uint8Array) return `bytes of ${value.length}`
  if (Array.isArray(value)) return depth > 0 ? '[…]' : `[${listText(value, depth + 1)}]`
  if (value instanceof Map) return `a dictionary of ${value.size}`
  const part = value as Extract<FileValue, {kind: string}>
  return part.kind === 'tensor' ? `a tensor (${part.shape.join(', ')})` : part.global
}
