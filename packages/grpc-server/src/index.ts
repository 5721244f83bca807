export {
  type DiscoverySettings,
  defaultGrpcServerLimits,
  type GrpcServerLimits,
  type GrpcServerOptions,
} from './options.ts';
export { type GrpcServer, startGrpcServer } from './server.ts';
