import {describe, expect, it} from 'vitest'
import {at} from '@/lib/core/grid'
import {mean, sum} from '@/lib/core/statistics'
import {groupRows} from '@/lib/explain/groupRows'
import {decodeExplanation, encodeExplanation} from '@/lib/explain/json'
import {syntheticExplanation} from '../fixtures/explanations'

const tall = await syntheticExplanation({layers: 40, features: 6, heads: 4, inputs: 30, resamples: 50})

describe('groupRows', () => {
  it('leaves a map that fits as it is', () => {
    const {explanation, labels} = groupRows(tall, 40)
    expect(explanation).toBe(tall)
    expect([labels.length, labels[0], labels[39]]).toEqual([40, '1', '40'])
  })

  it('leaves an explanation without a map as it is', () => {
    const bare = {...tall, axes: null, layers: []}
    expect(groupRows(bare, 10)).toEqual({explanation: bare, labels: [], groups: []})
  })

  const {explanation, labels} = groupRows(tall, 12)

  it('merges neighbours inside a head only, as equally as whole rows allow', () => {
    expect(labels).toEqual([
      '1–3',
      '4–7',
      '8–10',
      '11–13',
      '14–17',
      '18–20',
      '21–23',
      '24–27',
      '28–30',
      '31–33',
      '34–37',
      '38–40'
    ])
    expect(explanation.heads.map(({rows}) => rows)).toEqual([
      [0, 3],
      [3, 6],
      [6, 9],
      [9, 12]
    ])
    expect(explanation.layers.map(({head}) => head)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
    expect(explanation.axes!.rows).toBe(12)
  })

  it('averages maps cell by cell', () => {
    for (const kind of ['density', 'nullDensity', 'importance'] as const) {
      expect(at(explanation[kind]!, 1, 2)).toBeCloseTo(mean([3, 4, 5, 6].map((row) => at(tall[kind]!, row, 2))), 6)
    }
  })

  it('averages importance, density, the twin, the learned part and |z|; adds shares and counts', () => {
    const group = explanation.layers[1]!
    const rows = tall.layers.slice(3, 7)
    expect(group.importance).toBeCloseTo(mean(rows.map((l) => l.importance)), 12)
    expect(group.density).toBeCloseTo(mean(rows.map((l) => l.density)), 12)
    expect(group.untrained!.importance).toBeCloseTo(mean(rows.map((l) => l.untrained!.importance)), 12)
    expect(group.untrained!.learned).toBeCloseTo(group.density - group.untrained!.density, 12)
    expect(group.meanAbsZ).toBeCloseTo(mean(rows.map((l) => l.meanAbsZ!)), 12)
    expect(group.share).toBeCloseTo(sum(rows.map((l) => l.share)), 12)
    expect(sum(explanation.layers.map((l) => l.share))).toBeCloseTo(1, 12)
    expect(sum(explanation.signal!.counts.values)).toBe(sum(tall.signal!.counts.values))
  })

  it('ranks the groups anew', () => {
    const ranked = explanation.layers.toSorted((a, b) => a.rank - b.rank)
    expect(ranked.map(({density}) => density)).toEqual(
      explanation.layers.map((l) => l.density).toSorted((a, b) => b - a)
    )
    expect(
      explanation.layers
        .slice(0, 3)
        .map((l) => l.rankInHead)
        .toSorted()
    ).toEqual([1, 2, 3])
    expect(explanation.layers.map((l) => l.untrained!.rank).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    ])
  })

  it('gives a merged row no interval, and keeps that of a row that stands alone', () => {
    expect(explanation.layers.map((l) => [l.interval, l.rankInterval, l.untrained!.learnedInterval])).toEqual(
      new Array(12).fill([null, null, null])
    )
    const uneven = {
      ...tall,
      heads: tall.heads.slice(0, 2).map((head, i) => ({
        ...head,
        rows: [
          [0, 1],
          [1, 40]
        ][i] as [number, number]
      }))
    }
    const [alone] = groupRows(uneven, 5).explanation.layers
    expect(alone!.interval).toEqual(tall.layers[0]!.interval)
    expect(alone!.untrained!.learnedInterval).toEqual(tall.layers[0]!.untrained!.learnedInterval)
    expect(alone!.rankInterval).toBeNull()
  })

  it('still speaks of the whole map where it speaks of scale, agreement and caveats', () => {
    expect([explanation.scale, explanation.agreement, explanation.finding, explanation.caveats]).toEqual([
      tall.scale,
      tall.agreement,
      tall.finding,
      tall.caveats
    ])
  })

  it('finds the cell that sets the scale in its group', () => {
    const named = {...tall, scaleCell: {row: 11, col: 2, moves: 0.3}}
    expect(groupRows(named, 12).explanation.scaleCell).toEqual({row: 3, col: 2, moves: 0.3})
  })

  it('groups a part of the rows, which keep their numbers, their heads and, where none are merged, their ranks', () => {
    const near = groupRows(tall, 12, {window: [8, 18]})
    expect(near.labels).toEqual(['9', '10', '11', '12', '13', '14', '15', '16', '17', '18'])
    expect(near.groups[0]).toEqual([8, 9])
    expect(near.explanation.heads.map(({rows}) => rows)).toEqual([
      [0, 2],
      [2, 10],
      [0, 0],
      [0, 0]
    ])
    expect(near.explanation.layers.map(({rank}) => rank)).toEqual(tall.layers.slice(8, 18).map(({rank}) => rank))
    expect(at(near.explanation.density!, 3, 2)).toBe(at(tall.density!, 11, 2))
    expect(
      groupRows({...tall, scaleCell: {row: 3, col: 2, moves: 0.3}}, 12, {window: [8, 18]}).explanation.scaleCell
    ).toBeNull()
  })

  it('leaves the maps whole for those who read them by group', () => {
    const {explanation: whole, groups} = groupRows(tall, 12, {wholeMaps: true})
    expect(whole.density).toBe(tall.density)
    expect(groups[1]).toEqual([3, 7])
  })

  it.each([1, 2, 4, 5, 7, 13, 39])('never makes more than %d rows, nor fewer than one per head', (most) => {
    const {explanation: few, labels: names} = groupRows(tall, most)
    expect(few.layers.length).toBeLessThanOrEqual(Math.max(most, 4))
    expect(few.layers.length).toBeGreaterThanOrEqual(4)
    expect(names.length).toBe(few.layers.length)
  })

  it('is an explanation like any other: it can be written and read', () => {
    expect(() => decodeExplanation(encodeExplanation(explanation))).not.toThrow()
  })
})
