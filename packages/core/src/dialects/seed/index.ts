export { parseMessages, parseSearchResults, searchUsernames } from './functions.ts';
export {
  encodeSeedRequest,
  type SeedRequest,
  SeedRequestDecoder,
  type UnknownSeedOperation,
} from './request.ts';
export {
  encodeSeedIncoming,
  encodeSeedListHeader,
  encodeSeedStatus,
  type SeedResponse,
  SeedResponseDecoder,
} from './response.ts';
