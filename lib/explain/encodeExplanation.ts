export {decodeExplanation, encodeExplanation} from './json'
