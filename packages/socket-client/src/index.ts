export { connectSocketClient } from './connect.ts';
export type { SocketClientOptions } from './options.ts';
