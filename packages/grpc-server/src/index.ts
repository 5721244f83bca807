export {
  type DiscoverySettings,
  defaultGrpcServerLimits,
  type GrpcServerLimits,
  type GrpcServerOptions,
} from './options.ts';
export { startGrpcServer } from './server.ts';
