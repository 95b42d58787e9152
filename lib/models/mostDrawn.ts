/**
 * What a file may claim in a few bytes (a tensor of one stored number repeated) and no model has: beyond it nothing is
 * drawn, because every one would cost memory that the file never had to spend.
 */
export const mostGaussians = 65_536

/** Of layers with a weight each; the deepest published encoders have fewer than 200. */
export const mostLayers = 4096
