import type { Mode, Role, Transport } from './roles.ts';

/** The code that a program with one transport, and only some of its modes, needs. */
export interface Way {
  /** Unique. */
  readonly id: string;
  readonly title: string;
  readonly transport: Transport;
  readonly modes: readonly Mode[];
}

/**
 * The ways that are summed up: client, server and contract, the code that every mode needs and that these
 * modes need. Each is an upper bound: the shared code would be simpler for one mode alone.
 */
export const ways: readonly Way[] = [
  { id: 'sockets-framed', title: 'framed', transport: 'sockets', modes: ['framed'] },
  { id: 'sockets', title: 'framed and seed', transport: 'sockets', modes: ['framed', 'seed'] },
  { id: 'grpc-converse', title: 'Converse', transport: 'grpc', modes: ['converse'] },
  { id: 'grpc-unary', title: 'unary', transport: 'grpc', modes: ['unary'] },
  {
    id: 'grpc',
    title: 'Converse and unary',
    transport: 'grpc',
    modes: ['converse', 'unary'],
  },
  {
    id: 'grpc-discovery',
    title: 'both, discovery',
    transport: 'grpc',
    modes: ['converse', 'unary', 'discovery'],
  },
];

/** Returns whether a way needs the code of a role. */
export function needs(way: Way, role: Role): boolean {
  const needed = role.part === 'client' || role.part === 'server' || role.part === 'contract';
  return (
    needed &&
    role.transport === way.transport &&
    (role.mode === undefined || way.modes.includes(role.mode))
  );
}
