export { flowControlWindowBytes } from './channel-options.ts';
export { connectGrpcClient } from './connect.ts';
export type { GrpcClientMode, GrpcClientOptions } from './options.ts';
