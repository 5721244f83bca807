import { printable } from '../printable.ts';
import type { State } from '../state/state.ts';

/** The connection, as the status line names it. */
export interface ConnectionWords {
  /** The server: a host and a port. */
  readonly server: string;
  readonly transport: 'sockets' | 'gRPC';
  readonly tls: boolean;
}

/** A part of the status line. The least important ones give way where there is no room. */
interface Part {
  readonly text: string;
  /** 0 for the part that stays longest. */
  readonly rank: number;
}

/** Returns the status line, no longer than the terminal is wide: what matters most is there longest. */
export function statusLine(state: State, connection: ConnectionWords, columns: number): string {
  const parts = partsOf(state, connection);
  const room = Math.max(0, columns - 1);
  for (let rank = Math.max(...parts.map((part) => part.rank)); ; rank--) {
    const text = parts
      .filter((part) => part.rank <= rank)
      .map((part) => part.text)
      .join(' | ');
    if (text.length <= room || rank === 0) return text.slice(0, room);
  }
}

function partsOf(state: State, { server, transport, tls }: ConnectionWords): Part[] {
  const { outage, inDoubt, to, unreadOf } = state;
  const unread = [...unreadOf].map(([name, count]) => `${count} from ${printable(name)}`);
  const user = state.user ?? outage?.user;
  return [
    { text: outage === undefined ? '' : 'no connection', rank: 0 },
    { text: user === undefined ? 'not logged in' : printable(user), rank: 1 },
    { text: to === undefined ? '' : `to ${printable(to)}`, rank: 2 },
    { text: unread.join(', '), rank: 3 },
    { text: inDoubt === 0 ? '' : `${inDoubt} in doubt`, rank: 4 },
    { text: server, rank: 6 },
    { text: transport, rank: 7 },
    { text: tls ? 'TLS' : 'not encrypted', rank: 5 },
  ].filter(({ text }) => text !== '');
}
