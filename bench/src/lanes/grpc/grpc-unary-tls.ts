import type { ClientTls } from '@tandem/tls/client';
import type { Lane, Target } from '../lane.ts';
import { laneClientTls, resuming, tlsSettings } from '../tls.ts';
import { connectGrpcLane, startGrpcTlsLane } from './grpc-chat.ts';
import { lane as plain } from './grpc-unary.ts';

const connect = (target: Target, tls: ClientTls) => connectGrpcLane(target, { mode: 'unary', tls });

/** The lane grpc-unary over TLS. */
export const lane: Lane = {
  ...plain,
  name: 'grpc-unary-tls',
  title: 'gRPC, unary, TLS',
  description: 'As grpc-unary, over TLS 1.3.',
  baselines: ['grpc-unary', 'sockets-framed-tls'],
  settings: { ...plain.settings, otherOptions: `${tlsSettings}; ${plain.settings.otherOptions}` },
  startServer: startGrpcTlsLane,
  connect: async (target) => connect(target, await laneClientTls()),
  resume: resuming(connect),
};
