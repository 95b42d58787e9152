/** An exported picture as lines to compare: one element each, numbers to a tenth, pixels left out. */
export const svgLines = (svg: string): string =>
  svg
    .replaceAll(/href="data:image\/png;base64,[^"]*"/g, 'href="…"')
    .replaceAll('><', '>\n<')
    .replaceAll(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10))
