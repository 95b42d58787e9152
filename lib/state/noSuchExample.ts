import type {ExampleCard} from './exampleCard'
import type {Trouble} from './trouble'

/** What is said where the page's address names an example that is not among these. */
export const noSuchExample = (named: string, examples: readonly ExampleCard[]): Trouble => ({
  title: 'No such example',
  message: `Found none called ${named}; needed one of ${examples.map(({id}) => id).join(', ')}.`,
  after: 'Nothing is open yet.',
  report: null
})
