/** Hundredths of a pixel are as fine as a picture needs, and keep golden files readable. */
export const round = (x: number): number => Math.round(x * 100) / 100
