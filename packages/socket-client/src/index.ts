export { connectSocketClient } from './connect.ts';
export {
  connectTimeoutMsDefault,
  portDefault,
  responseTimeoutMsDefault,
  type SocketClientOptions,
} from './options.ts';
