export { cite, sourceOf } from './citations.ts';
