import type {Explanation} from './explanation'

/**
 * Whether every row has the same mean because its attention is shared out in full among places on the input: then no
 * ranking of rows means anything, whatever is drawn of it.
 */
export const rowsTie = ({axes, layers}: Pick<Explanation, 'axes' | 'layers'>): boolean =>
  axes?.plane !== undefined && layers.length > 1 && layers.every(({rank}) => rank === 1)

/** Whether other rows share the rank of this one. */
export const sharesRank = (layers: Explanation['layers'], rank: number): boolean =>
  layers.filter((row) => row.rank === rank).length > 1
