export { cite, sourceOf, uncited } from './citations.ts';
export { CitationError, figureOf } from './selector.ts';
