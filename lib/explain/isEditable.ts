import type {Explanation} from './explanation'

/** Whether what was opened has Gaussians that can be edited, and inputs to see it by. */
export const isEditable = ({model, heads, provenance}: Explanation): boolean =>
  heads.length > 0 &&
  provenance.maps === 'inputs' &&
  /^(layer-density(-gqa)?|density-block|additive-density)$/.test(model.family)
