export {
  defaultSocketServerLimits,
  type SocketServerLimits,
  type SocketServerOptions,
} from './options.ts';
export { startSocketServer } from './server.ts';
