export { flowControlWindowBytes } from './channel.ts';
export { connectGrpcClient } from './connect.ts';
export type { GrpcClientMode, GrpcClientOptions } from './options.ts';
