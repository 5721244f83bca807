import { rolesOf } from './assignment.ts';
import { sumUp } from './counting/sum.ts';
import { type Mode, type Role, roles, type Transport } from './roles.ts';
import type { ComplexityReport, Size } from './schema.ts';

/** The code that a program with one transport, and only some of its modes, needs. */
export interface Way {
  /** Unique. */
  readonly id: string;
  readonly title: string;
  readonly transport: Transport;
  readonly modes: readonly Mode[];
}

/**
 * The ways that are summed up: client, server, its guards and contract, the code that every mode needs and
 * that these modes need. Each is an upper bound: the shared code would be simpler for one mode alone.
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

/** The size of a way without its guards, and of these. */
export interface SplitWay {
  readonly guards: Size;
  readonly rest: Size;
}

/**
 * Splits the code of a way into its guards and the rest. It goes by the files of the report and the roles of
 * today, as older reports have no role of guards. Undefined where the files have other places today.
 */
export function splitGuards(
  { files, ways: counted }: Pick<ComplexityReport, 'files' | 'ways'>,
  id: string,
): SplitWay | undefined {
  const way = ways.find((one) => one.id === id);
  const whole = counted.find((one) => one.id === id);
  if (way === undefined || whole === undefined) return undefined;
  const needed = files.flatMap((file) => {
    const role = rolesOf(file.path, roles).find((one) => needs(way, one));
    return role === undefined ? [] : [{ file, isGuard: role.part === 'guards' }];
  });
  const [guards, rest] = [true, false].map((wanted) =>
    sumUp(needed.flatMap(({ file, isGuard }) => (isGuard === wanted ? [file] : []))),
  ) as [Size, Size];
  return guards.lines.code + rest.lines.code === whole.lines.code ? { guards, rest } : undefined;
}

const neededParts: readonly Role['part'][] = ['client', 'server', 'guards', 'contract'];

/** Returns whether a way needs the code of a role. */
export function needs(way: Way, role: Role): boolean {
  return (
    neededParts.includes(role.part) &&
    role.transport === way.transport &&
    (role.mode === undefined || way.modes.includes(role.mode))
  );
}
