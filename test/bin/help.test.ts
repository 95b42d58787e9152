import {readdir, readFile} from 'node:fs/promises'
import {describe, expect, it} from 'vitest'
import {help} from '@/bin/help'
import {inputNames} from '@/bin/inputNames'
import {FEATURES, LABELS, PICTURES} from '@/lib/engine/inputArrays'
import {stackedInputNames} from '@/lib/models/stackedInputs'
import {streamNames} from '@/lib/models/stackedLayout'
import type {StackParts} from '@/lib/models/stackedParts'

const listed = inputNames.flatMap(({names}) => names).sort()

/** All that stacks of either form ask for, with an encoder and without one. */
function stackedNames(): string[] {
  const parts = {streams: streamNames.map((name) => ({name}))} as unknown as StackParts
  return [null, 'an encoder that does not run'].flatMap((refused) => {
    const {inputNames: needed = [], optionalInputs = []} = stackedInputNames(parts, {encoder: null, refused})
    return [...needed, ...optionalInputs]
  })
}

describe('the help', () => {
  it('lists every name that a reader of inputs accepts, and no other', () => {
    const accepted = new Set([...FEATURES, ...LABELS, ...PICTURES, ...stackedNames()])
    expect(listed).toEqual([...accepted].sort())
  })

  it('knows of every family that asks for arrays by name', async () => {
    const asking: string[] = []
    for (const file of (await readdir('lib/models')).filter((name) => name.endsWith('.ts'))) {
      if (/\binputNames: |\boptionalInputs: /.test(await readFile(`lib/models/${file}`, 'utf8'))) asking.push(file)
    }
    expect(asking).toEqual(['stackedInputs.ts'])
  })

  it('tells names, shapes and units in lines that fit a terminal', () => {
    for (const {names, shape} of inputNames) {
      expect(help).toContain(`  ${names.join(', ')}`)
      expect(help).toContain(shape)
    }
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })
})
