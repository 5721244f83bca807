export { channelOptions, flowControlWindowBytes } from './channel.ts';
export { connectGrpcClient, type GrpcClientMode, type GrpcClientOptions } from './connect.ts';
