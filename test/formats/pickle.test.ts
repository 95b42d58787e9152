import {describe, expect, it} from 'vitest'
import type {FileValue} from '@/lib/formats/archive'
import {openArchive} from '@/lib/formats/openArchive'
import {unpickle} from '@/lib/formats/pickle/unpickle'
import {memorySource} from '@/lib/formats/source'
import {askedForAgain} from './bombs'
import {bytes, little, type Part} from './bytes'

const empty = {known: new Map()}
const value = (...parts: readonly Part[]): FileValue => unpickle(bytes(...parts), empty).value
const open = (...parts: readonly Part[]) => openArchive(memorySource(bytes(...parts), 'x.pkl'))
// Without its limit each of these would take minutes, or all the memory there is.
const patience = 5000
const many = (part: string, count: number) => part.repeat(count)

describe('every kind of value', () => {
  it.each<[string, FileValue, readonly Part[]]>([
    ['INT', -12, ['I-12\n.']],
    ['INT that is a boolean', true, ['I01\n.']],
    ['LONG', 2n ** 70n, ['L1180591620717411303424L\n.']],
    ['LONG1 of no bytes', 0, [0x8a, 0, '.']],
    ['LONG1, negative', -1, [0x8a, 1, 0xff, '.']],
    ['LONG1 that a signed byte would misread', 255, [0x8a, 2, 0xff, 0, '.']],
    ['LONG4, past what a number holds', -(2n ** 63n), [0x8b, little(8, 4), little(-(2n ** 63n), 8), '.']],
    [
      'the last integer that is a number',
      Number.MAX_SAFE_INTEGER,
      [0x8a, 7, little(2 ** 53 - 1, 8).subarray(0, 7), '.']
    ],
    ['the first that is not', 2n ** 53n, [0x8a, 7, little(2 ** 53, 8).subarray(0, 7), '.']],
    ['BININT, negative', -2, ['J', little(-2, 4), '.']],
    ['FLOAT', 2.5, ['F2.5\n.']],
    ['FLOAT, infinite', Number.NEGATIVE_INFINITY, ['F-inf\n.']],
    ['BINFLOAT, big-endian', 1, ['G', 0x3f, 0xf0, 0, 0, 0, 0, 0, 0, '.']],
    ['STRING with escapes', "it's\n\x00\\", ["S'it\\'s\\n\\x00\\\\'\n."]],
    ['UNICODE', 'é\u2713', ['V\xe9\\u2713\n.']],
    ['SHORT_BINSTRING, a byte per character', '\x80\xff', ['U', 2, 0x80, 0xff, '.']],
    ['BINUNICODE', '✓', ['X', little(3, 4), 0xe2, 0x9c, 0x93, '.']],
    ['SHORT_BINBYTES', new Uint8Array([1, 2]), ['C', 2, 1, 2, '.']],
    ['TUPLE3', [1, 2, 3], ['K', 1, 'K', 2, 'K', 3, 0x87, '.']],
    ['LIST', [1, null], ['(K', 1, 'Nl.']],
    ['DICT', new Map<FileValue, FileValue>([['a', false]]), ['(U', 1, 'aI00\nd.']],
    ['FROZENSET', ['a'], ['(U', 1, 'a', 0x91, '.']],
    ['DUP', [1, 1], ['K', 1, '2', 0x86, '.']],
    ['POP of a mark', [1], ['](K', 1, '(0e.']],
    ['PUT and GET', [5, 5], ['K', 5, 'p7\ng7\n', 0x86, '.']],
    ['MEMOIZE counts from zero', ['a', 'b', 'a'], ['U', 1, 'a', 0x94, 'U', 1, 'b', 0x94, 'h', 0, 0x87, '.']]
  ])('%s', (_, expected, parts) => {
    expect(value(...parts)).toEqual(expected)
  })

  it('gives the same object wherever the memo is asked for it', () => {
    const [first, second] = value(']q', 0, 'h', 0, 0x86, '.') as FileValue[]
    expect(first).toBe(second)
  })

  it('finds what it remembered behind every kind of argument', () => {
    // Each argument is made of bytes that would end the pickle if they were taken for opcodes.
    const dots = (count: number) => '.'.repeat(count)
    const pushed: readonly (readonly Part[])[] = [
      ['K.'],
      ['M..'],
      ['J', dots(4)],
      ['G', dots(8)],
      ...['U', 'C', 0x8a, 0x8c].map((code) => [code, 3, dots(3)]),
      ...['T', 'X', 'B', 0x8b].map((code) => [code, little(3, 4), dots(3)]),
      ...[0x8d, 0x8e, 0x96].map((code) => [code, little(3, 8), dots(3)]),
      ['F.5\n'],
      ["S'.'\n"],
      ['V.\n'],
      ['c.\n.\n'],
      ['(i.\n.\n']
    ]
    for (const argument of pushed)
      expect(value('Nr', dots(4), 'q.p46\n', 0x95, dots(8), ...argument, '0h.', 0x86, '.')).toEqual([null, null])
  })

  it('closes circles', () => {
    const list = value(']q', 0, 'h', 0, 'a.') as FileValue[]
    expect(list[0]).toBe(list)
  })
})

describe('what the file calls and we do not know', () => {
  it('keeps the call and its state', () => {
    const record = value('cmodule\nClass\n)', 0x81, '}U', 1, 'aK', 1, 'sb.')
    expect(record).toEqual({kind: 'inert', global: 'module.Class', args: [], state: new Map([['a', 1]])})
  })

  it('keeps the items of something like a dictionary beside its attributes', () => {
    const record = value('cm\nDict\n)', 0x81, 'U', 1, 'kK', 1, 's}U', 1, 'aK', 2, 'sb.')
    expect(record).toMatchObject({
      state: new Map([
        ['k', 1],
        ['a', 2]
      ])
    })
  })

  it('numbers the items of something like a list', () => {
    expect(value('cm\nList\n)', 0x81, '(K', 5, 'K', 6, 'e.')).toMatchObject({
      state: new Map([
        [0, 5],
        [1, 6]
      ])
    })
  })

  it('takes slots and dictionary together', () => {
    const record = value('cm\nS\n)', 0x81, '}U', 1, 'aK', 1, 's}U', 1, 'bK', 2, 's', 0x86, 'b.')
    expect(record).toMatchObject({
      state: new Map([
        ['a', 1],
        ['b', 2]
      ])
    })
  })

  it('is not a reference that a file could write into', () => {
    expect(() => value('cm\nC\nK', 1, 'K', 2, 's.')).toThrow('pickle: items are added to something that holds none')
  })

  it('never finds anything by name', () => {
    const record = value('c__builtin__\neval\n(U', 3, '1+1tR.')
    expect(record).toEqual({kind: 'inert', global: 'builtins.eval', args: ['1+1'], state: null})
  })
})

describe('a pickle that lies is refused', () => {
  it.each<[string, string, readonly Part[]]>([
    ['an empty stack', 'a value is needed and the stack is empty', ['.']],
    ['no mark', 'a mark is needed and none was set', ['t.']],
    ['a pop below a mark', 'a value is needed and the stack is empty', ['K', 1, '(0(', 0x85, '.']],
    ['an unknown opcode', '0xfe stands where an opcode is needed', [0xfe]],
    ['a protocol to come', 'protocol 6 is announced; 0 to 5 are read', [0x80, 6, 'N.']],
    ['a memo never filled', 'memo 9 is asked for and was never filled', ['h', 9, '.']],
    ['a negative length', 'a length of -1', ['T', little(-1, 4), '.']],
    ['text longer than the file', 'a value needs 4294967300 bytes, there are 6', ['X', little(-1, 4), '.']],
    ['bytes longer than any memory', 'a value needs 18446744073709552000 bytes', [0x8e, little(-1, 8), '.']],
    [
      'an integer without end',
      'an integer has 100000 bytes; at most 4096 are read',
      [0x8b, little(100_000, 4), many('\x01', 100_000), '.']
    ],
    ['digits without end', 'an integer has 100000 digits', [`L${many('9', 100_000)}L\n.`]],
    ['a number that is none', '"0x10" stands where an integer is needed', ['I0x10\n.']],
    ['a name without end', 'a global has a name of 10001 characters', [`c${many('m', 10_000)}\nn\n.`]],
    ['a call of a number', 'something is called that is not a class or function', ['K', 1, ')R.']],
    ['items in a number', 'items are added to something that holds none', ['K', 1, 'K', 1, 'K', 1, 's.']],
    ['attributes of text', 'attributes are given to something that has none', ['U', 1, 'a}b.']],
    ['an extension code', 'an extension code of one Python installation is used', [0x82, 1, '.']],
    ['a buffer kept elsewhere', 'a buffer kept outside the file is asked for', [0x97, '.']],
    ['a persistent id', 'a value outside the pickle is asked for', ['K', 1, 'Q.']]
  ])('%s', (_, sentence, parts) => {
    expect(() => value(...parts)).toThrow(`pickle: ${sentence}`)
  })
})

describe('a small file cannot ask for much', () => {
  it.each([
    ['empty dictionaries', '}'],
    ['empty lists', ']'],
    ['nested tuples', '\x85']
  ])('of memory: %s', (_, opcode) => {
    const file = bytes('N')
    const bomb = new Uint8Array(6e6).fill(opcode.charCodeAt(0))
    const before = process.memoryUsage().heapUsed
    expect(() => unpickle(new Uint8Array([...file, ...bomb]), empty)).toThrow(
      'pickle: its values need more than 66 MB, the file has 6 MB; it is not an honest checkpoint'
    )
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(400e6)
  })

  it('of memory: memo entries, which are kept only where something asks for them', () => {
    const many = 700_000
    const heap = () => process.memoryUsage().heapUsed
    const before = heap()
    expect(value('N', new Uint8Array(many).fill(0x94), '.')).toBeNull()
    expect(heap() - before).toBeLessThan(8 * many)
    expect(() => value('N', askedForAgain(many), '.')).toThrow('pickle: its values need more than 63 MB')
  })

  it('of time: lists that each hold the one before ten times are walked once', async () => {
    const level = bytes('(', 'h\x00'.repeat(10), 'lq\x00')
    const levels = Array.from({length: 60}, () => level)
    const start = performance.now()
    const {entries} = await open(0x80, 2, ']q', 0, ...levels, '.')
    expect(entries).toEqual([])
    expect(performance.now() - start).toBeLessThan(patience)
  })

  it('of time: one long list as the arguments of many calls is walked once', async () => {
    const list = bytes('(', 'N'.repeat(200_000), 'tq\x01')
    const calls = 'h\x02h\x01R'.repeat(50_000)
    const start = performance.now()
    await open(0x80, 2, list, 'cm\nC\nq', 2, '(', calls, 'l.')
    expect(performance.now() - start).toBeLessThan(patience)
  })

  it('of time: many tensors that want the same name', async () => {
    const array = bytes('cnumpy.core.numeric\n_frombuffer\n(C\x01\x07cnumpy\ndtype\nU\x02u1\x85RK\x01\x85U\x01CtR')
    const count = 5000
    const items = Array.from({length: count}, () => bytes(']', array, 's'))
    const start = performance.now()
    const {entries} = await open(0x80, 2, '}', ...items, '.')
    expect(entries.length).toBe(count)
    expect(new Set(entries.map(({name}) => name)).size).toBe(count)
    expect(performance.now() - start).toBeLessThan(patience)
  })

  it('of the stack: containers thousands deep', async () => {
    await expect(open(0x80, 2, '](', many(']', 100_000), many('a', 99_999), 'e.')).rejects.toThrow(
      'pickle: containers stand more than 400 deep in each other'
    )
  })

  it('and a list that holds itself is an archive like any other', async () => {
    const {entries, contents} = await open(0x80, 2, ']q', 0, 'h', 0, 'a.')
    expect(entries).toEqual([])
    expect((contents as FileValue[])[0]).toBe(contents)
  })
})
