import {gzipSync} from 'node:zlib'

/** Bytes of gzip that the page may need for its first picture, and its engine to run a model on any one backend. */
export const limits = {page: 200_000, engine: 150_000}

/**
 * Lines of the table: `pages` are the scripts that the page needed before its first picture, `later` those that it
 * loaded by itself after it, `engines` by backend what the worker needed to have explained an example. Each script is
 * its text.
 */
export function weigh({first, later, engines}) {
  return [
    line('page, before the first picture', first, limits.page),
    line('page, after it', later, null),
    ...Object.entries(engines).map(([backend, scripts]) => line(`engine on ${backend}`, scripts, limits.engine))
  ]
}

function line(what, scripts, atMost) {
  // As they travel: each file packed by itself.
  const bytes = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0)
  return {what, files: scripts.length, bytes, atMost, met: atMost === null ? null : bytes <= atMost}
}
