import type {ByteSource} from './source'

/** The element types we turn into numbers. */
export type DType =
  | 'f64'
  | 'f32'
  | 'f16'
  | 'bf16'
  | 'i64'
  | 'i32'
  | 'i16'
  | 'i8'
  | 'u64'
  | 'u32'
  | 'u16'
  | 'u8'
  | 'bool'

/** f16 and bf16 widen to Float32Array, bool to Uint8Array of 0 and 1; every other type keeps its own array. */
export type TypedArray =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | BigUint64Array
  | Uint32Array
  | Uint16Array
  | Uint8Array

/** A tensor as the file lists it: nothing of its values has been read. */
export interface TensorEntry {
  readonly kind: 'tensor'
  /**
   * Where it stands in the file, keys and indices joined by dots: `state_dict.daam.gcts.0.c`,
   * `attention_weights.0.3.attention_maps.7`.
   */
  readonly name: string
  readonly dtype: DType
  /** How the file stores the values when they are converted to `dtype` on reading: `float8_e4m3fn`, `Q8_0`. */
  readonly stored?: string
  readonly shape: readonly number[]
  /** Elements × element size of `dtype`, in bytes. */
  readonly byteLength: number
}

/** A tensor read: row-major and contiguous whatever the file's strides were. */
export interface TensorValues {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly values: TypedArray
}

/** What a pickle names that we do not know: kept as a record, never run. */
export interface Inert {
  readonly kind: 'inert'
  /** `module.Name` as the pickle spells it. */
  readonly global: string
  readonly args: readonly FileValue[]
  readonly state: FileValue
}

/** Whatever a file holds beside and around its tensors. Dictionaries are always Maps; tuples and sets are arrays. */
export type FileValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly FileValue[]
  | ReadonlyMap<FileValue, FileValue>
  | TensorEntry
  | Inert

/** Something a reader of the file should know: an unknown global, a tensor that was left out and why. */
export interface Finding {
  readonly kind: 'global' | 'skipped' | 'note'
  readonly text: string
}

/** What a pickle names: a class or function, and what became of it here. */
export interface NamedGlobal {
  /** `module.Name` as the pickle spells it. */
  readonly name: string
  /**
   * read: understood, and read as data. name: harmless as a mere name, such as an element type. inert: not known, left
   * as a record.
   */
  readonly standing: 'read' | 'name' | 'inert'
  /** inert: the calls that the pickle asks for, written as Python would show them; the first few, each cut short. */
  readonly calls: readonly string[]
  /** How many calls it asks for in all; 0 where it is only named. */
  readonly callCount: number
}

/** A box of a tensor: along each axis the first index and the one after the last. */
export type Box = readonly (readonly [start: number, stop: number])[]

/** Part of a tensor: the values of a box, row-major within it. */
export interface TensorPiece {
  readonly box: Box
  readonly values: TypedArray
  /** The same elements as the file stores them, little-endian: 16-bit floats still bit patterns. */
  readonly raw: TypedArray
}

/** Named tensors, read lazily. */
export interface TensorArchive {
  /** As a person would call it: `PyTorch zip`, `TorchScript`, `safetensors`, `NumPy .npy`, `GGUF`. */
  readonly format: string
  readonly source: ByteSource
  /** In file order. A tensor object that the file holds in several places is listed once, under its first name. */
  readonly entries: readonly TensorEntry[]
  /**
   * The file's own structure, with each tensor as its entry. An archive of bare tensors is a Map of name to entry. What
   * the file shares is shared here, so a part may stand in many places and even in itself: walk it with a set of the
   * seen.
   */
  readonly contents: FileValue
  readonly findings: readonly Finding[]
  /** What the file's pickle names, in its order; absent where there is no pickle. */
  readonly named?: readonly NamedGlobal[]
  /** Reads one tensor, and of the file only the range it spans. Throws FormatError for an unknown name. */
  read(name: string): Promise<TensorValues>
  /**
   * Reads a box of one tensor piece by piece, each a few megabytes at most, in the order that reads the file once; with
   * `inOrder`, row-major. Absent where only whole tensors can be read: `piecesOf` serves both.
   */
  pieces?(name: string, box: Box, options?: {readonly inOrder?: boolean}): AsyncIterable<TensorPiece>
}
