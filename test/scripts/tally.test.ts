import {describe, expect, it} from 'vitest'
import {countPlaywright, countVitest, total} from '@/scripts/tally.mjs'

const file = (status: string, ...tests: string[]) => ({status, assertionResults: tests.map((status) => ({status}))})
const report = (passed: number, failed: number, ...testResults: unknown[]) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  testResults
})

describe('countVitest', () => {
  it('counts tests, and leaves skipped ones out', () => {
    expect(countVitest(report(2, 1, file('failed', 'passed', 'passed', 'failed', 'pending')), 1)).toEqual({
      passed: 2,
      failed: 1
    })
  })

  it('counts a file that could not be loaded as one failure', () => {
    expect(countVitest(report(1, 0, file('passed', 'passed'), file('failed')), 1)).toEqual({passed: 1, failed: 1})
  })

  it('counts an error outside every test as one failure', () => {
    expect(countVitest(report(3, 0, file('passed', 'passed', 'passed', 'passed')), 1)).toEqual({passed: 3, failed: 1})
  })

  it('counts a runner that ran nothing, was ended, or left no report as one failure', () => {
    expect(countVitest(report(0, 0), 0)).toEqual({passed: 0, failed: 1})
    expect(countVitest(report(3, 0, file('passed', 'passed')), null)).toEqual({passed: 3, failed: 1})
    expect(countVitest(null, 1)).toEqual({passed: 0, failed: 1})
  })
})

describe('countPlaywright', () => {
  const stats = (expected: number, unexpected: number, flaky = 0) => ({
    stats: {expected, unexpected, flaky, skipped: 0}
  })

  it('counts tests, a flaky one as failed', () => {
    expect(countPlaywright(stats(4, 1, 1), 1)).toEqual({passed: 4, failed: 2})
  })

  it('counts a server that did not start as one failure', () => {
    expect(countPlaywright(stats(0, 0), 1)).toEqual({passed: 0, failed: 1})
    expect(countPlaywright(null, 1)).toEqual({passed: 0, failed: 1})
  })
})

it('total sums', () => {
  expect(
    total([
      {passed: 2, failed: 0},
      {passed: 1, failed: 3}
    ])
  ).toEqual({passed: 3, failed: 3})
})
