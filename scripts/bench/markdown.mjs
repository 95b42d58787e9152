// Prints what `npm run bench -- --json FILE` wrote as the tables of BENCHMARKS.md: node scripts/bench/markdown.mjs FILE
import {readFileSync} from 'node:fs'
import {markdown, milliseconds, ratioText} from './table.mjs'

const shapeOf = ({name}) => `(${name.replaceAll('x', ', ')})`
const onlyOnce = (all) => [...new Set(all)]
const verdict = (met) => (met === false ? '**no**' : 'yes')

/** Every ratio, a column per case; a missed target is bold. */
function ratios(cases) {
  const lineOf = ({what, of, title}) => `${what}|${of}|${title}`
  const rows = cases.flatMap(({rows}) => rows)
  const cell = (row) => {
    if (!row) return ''
    if (row.ratio === null) return 'not run'
    const text = ratioText(row.ratio, row.unit)
    return row.met === false ? `**${text}**` : text
  }
  return markdown([
    ['measured', 'against', 'at least', ...cases.map(shapeOf)],
    ...onlyOnce(rows.map(lineOf)).map((line) => {
      const {what, title, unit, atLeast} = rows.find((row) => lineOf(row) === line)
      const cells = cases.map(({rows}) => cell(rows.find((row) => lineOf(row) === line)))
      return [what, title, atLeast === null ? '' : ratioText(atLeast, unit), ...cells]
    })
  ])
}

/** Median ms and the number of runs of every contender, a column per case. */
function medians(cases) {
  const names = onlyOnce(cases.flatMap(({times, struck}) => Object.keys({...times, ...struck})))
  const cell = ({times, struck}, name) => {
    if (times[name]) return `${milliseconds(times[name].ms)} (${times[name].runs})`
    return struck[name] ? '–' : ''
  }
  return markdown([
    ['median ms (runs)', ...cases.map(shapeOf)],
    ...names.map((name) => [`\`${name}\``, ...cases.map((one) => cell(one, name))])
  ])
}

/** What our kernels hold on the device beyond input and output, MB, a column per case. */
function memory(cases) {
  const names = onlyOnce(cases.flatMap(({memory}) => Object.keys(memory)))
  const cell = (held) => (held ? ((held.peak - held.bytes) / 2 ** 20).toFixed(1) : '')
  return markdown([
    ['MB more than input and output', ...cases.map(shapeOf)],
    ...names.map((name) => [`\`${name}\``, ...cases.map(({memory}) => cell(memory[name]))])
  ])
}

const reasons = (cases) =>
  cases.flatMap((one) => Object.entries(one.struck).map(([name, why]) => `- \`${name}\` at ${shapeOf(one)}: ${why}`))

const {kernels, page, redraw, files: _, ...machine} = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const parts = [JSON.stringify(machine)]
if (kernels) {
  const {cases, browser, adapter} = kernels
  const worst = Math.max(...cases.flatMap(({times}) => Object.values(times).map(({error}) => error)))
  parts.push(`Chromium ${browser}, adapter ${adapter}; largest error ${worst.toExponential(1)}`, ratios(cases))
  parts.push(medians(cases), ...reasons(cases), memory(cases))
}
if (page) {
  const rows = page.rows.map(({backend, took, busy, idle, met}) => [
    backend,
    (took / 1000).toFixed(1),
    busy.toFixed(1),
    verdict(met),
    idle.toFixed(1)
  ])
  parts.push(markdown([['on', 'explained in, s', 'longest, ms', 'met', 'when idle, ms'], ...rows]))
}
if (redraw) {
  const rows = redraw.rows.map(({map, panel, ratio, figure, met}) => [
    map,
    panel.toFixed(1),
    `${ratio.toFixed(2)}×`,
    verdict(met),
    figure.toFixed(1)
  ])
  parts.push(`plain redraw ${redraw.plain.toFixed(2)} ms; ${redraw.redraws} views`)
  parts.push(markdown([['map', 'ms', 'times the plain one', 'met', 'whole figure, ms'], ...rows]))
}
console.log(parts.join('\n\n'))
