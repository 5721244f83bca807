export { connectSocketClient, type SocketClientOptions } from './connect.ts';
