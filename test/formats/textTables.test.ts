import {describe, expect, it} from 'vitest'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {bytes} from './bytes'

const open = (text: string) => openArchive(memorySource(bytes(text), 'x.csv'))

describe('a table as text', () => {
  it('keeps its line of names', async () => {
    const {contents} = await open('"a b";c\n1;2\n')
    expect((contents as ReadonlyMap<string, unknown>).get('columns')).toEqual(['a b', 'c'])
  })

  it.each([
    ['one column', '1\n2\n3\n', [3, 1], [1, 2, 3]],
    ['lines of every ending', '1,2\r\n3,4\r5,6\n', [3, 2], [1, 2, 3, 4, 5, 6]],
    ['a mark of its encoding', '\xef\xbb\xbf1,2\n', [1, 2], [1, 2]]
  ])('is read with %s', async (_, text, shape, values) => {
    const tensor = await (await open(text)).read('array')
    expect(tensor).toMatchObject({dtype: 'f64', shape})
    expect([...tensor.values]).toEqual(values)
  })

  it.each([
    [
      'a row of another length',
      'a,b\n1,2\n\n3,4,5\n',
      'CSV: line 4 has 3 values, those before it 2; rows of one length are needed'
    ],
    ['a cell that is no number', '1,2\n3,x\n', 'CSV: line 2 holds "x"; numbers are needed'],
    ['an empty cell', '1,2\n3,\n', 'CSV: line 2 holds ""; numbers are needed'],
    ['a hexadecimal cell', '1,2\n3,0x10\n', 'CSV: line 2 holds "0x10"; numbers are needed'],
    [
      'bytes that are no text',
      `${'1,2\n'.repeat(200)}3,\x00\n`,
      'CSV: the file holds bytes that are no text; a table of numbers is needed'
    ]
  ])('is refused for %s, with the line', async (_, text, sentence) => {
    await expect(open(text)).rejects.toThrow(sentence)
  })
})

describe('a table in JSON', () => {
  it.each([
    [
      'a ragged list',
      '[[1, 2], [3]]',
      'JSON: array[1] holds 1 values, those before it 2; rows of one length are needed'
    ],
    ['a text among the numbers', '{"x": [[1], ["2"]]}', 'JSON: x[1][0] holds "2"; a number is needed'],
    ['a number where a row is needed', '[[1, 2], 3]', 'JSON: array[1] holds 3; a list of 2 is needed'],
    ['a null', '[1, null]', 'JSON: array[1] holds null; a number is needed'],
    ['objects', '{"x": {"y": 1}}', 'JSON: x is an object; lists of numbers are needed'],
    ['no list at all', '{"note": 1}', 'x.csv: JSON without a list of numbers; a table or lists of numbers are needed'],
    ['an end that is missing', '[[1, 2], [3', 'JSON: the text is not JSON; it starts "[[1, 2], [3"'],
    [
      'lists without end',
      '['.repeat(100) + ']'.repeat(100),
      'JSON: lists stand more than 32 deep in each other; fewer are read'
    ],
    [
      'a bomb of empty lists',
      `[${'[],'.repeat(2_000_000)}[]]`,
      'JSON: its values need about 168 MB of memory, the text has 6 MB; it is not an honest file'
    ]
  ])('is refused for %s, with the place', async (_, text, sentence) => {
    await expect(open(text)).rejects.toThrow(sentence)
  })
})
