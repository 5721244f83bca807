export type { Direction, DirectionFaults, Faults } from './faults.ts';
export {
  type ArrivedChunk,
  TcpProxy,
  type TcpProxyOptions,
  type Traffic,
} from './tcp-proxy.ts';
