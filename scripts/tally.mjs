/** Passed and failed tests in a JSON report of Vitest; a crash without a failed test counts as one failure. */
export function countVitest(report, status) {
  if (!report) return crash
  // A file that could not be loaded has no tests to fail.
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')
  )
  return honest({passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length}, status)
}

/** Passed and failed tests in a JSON report of Playwright; a test that passed only when tried again has failed. */
export function countPlaywright(report, status) {
  if (!report) return crash
  const {expected, unexpected, flaky} = report.stats
  return honest({passed: expected, failed: unexpected + flaky}, status)
}

/** The sum of many counts. */
export function total(counts) {
  return counts.reduce((sum, {passed, failed}) => ({passed: sum.passed + passed, failed: sum.failed + failed}), {
    passed: 0,
    failed: 0
  })
}

const crash = {passed: 0, failed: 1}

// A runner that ran nothing, or ended badly though every test passed, has not proved anything.
function honest({passed, failed}, status) {
  return failed === 0 && (status !== 0 || passed === 0) ? {passed, failed: 1} : {passed, failed}
}
