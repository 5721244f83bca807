export {
  defaultSocketServerLimits,
  type SocketServerLimits,
  type SocketServerOptions,
} from './options.ts';
export { type SocketServer, startSocketServer } from './server.ts';
