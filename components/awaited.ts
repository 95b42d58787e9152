/** Whether a first picture is on its way, and its finding where that is known before it comes. */
export type Awaited = boolean | {readonly title: string; readonly caveat: string}
