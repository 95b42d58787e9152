import {describe, expect, it} from 'vitest'
import {devicePath} from '@/lib/models/kernels/devicePath'
import {spread} from '@/lib/models/kernels/dispatch'
import type {DeviceTraits} from '@/lib/models/webgpu'

const traits = (software: boolean, subgroups: DeviceTraits['subgroups']) => ({software, subgroups}) as DeviceTraits

describe('the path of a device', () => {
  it('is subgroups where their one size is known, on a software adapter, too', () => {
    expect(devicePath(traits(false, {min: 32, max: 32}))).toEqual({name: 'subgroups', lanes: 32, workgroup: 256})
    expect(devicePath(traits(true, {min: 4, max: 4}))).toEqual({name: 'subgroups', lanes: 4, workgroup: 256})
  })

  it('is workgroup memory on hardware without subgroups, or with subgroups of several sizes', () => {
    expect(devicePath(traits(false, null)).name).toBe('shared')
    expect(devicePath(traits(false, {min: 8, max: 32})).name).toBe('shared')
  })

  it('is a thread alone on software without subgroups', () => {
    expect(devicePath(traits(true, null))).toMatchObject({name: 'thread', lanes: 1})
  })

  it('can be taken against the choice, but not without subgroups to take', () => {
    expect(devicePath(traits(false, {min: 32, max: 32}), 'thread').name).toBe('thread')
    expect(devicePath(traits(true, null), 'shared').name).toBe('shared')
    expect(() => devicePath(traits(true, null), 'subgroups')).toThrow(/no subgroups of one size$/)
    expect(() => devicePath(traits(false, {min: 8, max: 32}), 'subgroups')).toThrow(RangeError)
  })
})

it('more workgroups than one dimension holds go over two', () => {
  expect(spread(65_535, 65_535)).toEqual([65_535, 1])
  for (const count of [65_536, 200_001, 65_535 * 7 + 1]) {
    const [x, y] = spread(count, 65_535)
    expect(x).toBeLessThanOrEqual(65_535)
    expect(x * y).toBeGreaterThanOrEqual(count)
    expect(x * (y - 1)).toBeLessThan(count)
  }
})
