import type { ClientTls } from '@tandem/tls/client';
import type { Lane, Target } from '../lane.ts';
import { laneClientTls, resuming, tlsSettings } from '../tls.ts';
import { connectGrpcLane, startGrpcTlsLane } from './grpc-chat.ts';
import { lane as plain } from './grpc-converse.ts';

const connect = (target: Target, tls: ClientTls) =>
  connectGrpcLane(target, { mode: 'converse', tls });

/** The lane grpc-converse over TLS. */
export const lane: Lane = {
  ...plain,
  name: 'grpc-converse-tls',
  title: 'gRPC, one stream, TLS',
  description: 'As grpc-converse, over TLS 1.3.',
  baselines: ['grpc-converse', 'sockets-framed-tls'],
  settings: { ...plain.settings, otherOptions: `${tlsSettings}; ${plain.settings.otherOptions}` },
  startServer: startGrpcTlsLane,
  connect: async (target) => connect(target, await laneClientTls()),
  resume: resuming(connect),
};
