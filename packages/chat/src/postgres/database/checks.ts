import { StoreError } from '../../store/store-error.ts';
import type { Connection } from './connection.ts';

/** The oldest PostgreSQL whose SQL the schema uses. */
const versionMin = 130_000;

/** The purposes of a node's connections. */
export type Purpose = 'control' | 'writer' | 'reader' | 'searcher';

/** The state of a server that its writes rest on. */
export interface ServerState {
  readonly version: number;
  readonly versionName: string;
  readonly standby: boolean;
  readonly readOnly: string;
  readonly process: number;
  /** The time at which the server was started, by which it is told from others. */
  readonly began: string;
  readonly commit: string;
  readonly fsync: string;
  readonly fullPageWrites: string;
  /** The number of standbys that follow it, and the names of those that a commit waits for. */
  readonly standbys: number;
  readonly waitsFor: string;
  readonly encrypted: boolean;
  /** True when it is on this machine. */
  readonly local: boolean;
}

/** Asks for a {@link ServerState}. */
export const stateSql = `
SELECT current_setting('server_version_num')::int AS version,
  current_setting('server_version') AS "versionName",
  pg_is_in_recovery() AS standby,
  current_setting('default_transaction_read_only') AS "readOnly",
  pg_backend_pid() AS process,
  extract(epoch FROM pg_postmaster_start_time())::text AS began,
  current_setting('synchronous_commit') AS commit,
  current_setting('fsync') AS fsync,
  current_setting('full_page_writes') AS "fullPageWrites",
  (SELECT count(*)::int FROM pg_stat_replication) AS standbys,
  current_setting('synchronous_standby_names') AS "waitsFor",
  EXISTS (SELECT FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl) AS encrypted,
  inet_client_addr() IS NOT DISTINCT FROM inet_server_addr() AS local`;

// What a server does not know is left out.
const settingsSql = `
SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS s (name, value)
WHERE current_setting(name, true) IS NOT NULL`;

/**
 * Checks that the server at the other end can keep the promises, and makes the connection keep them, whatever
 * the defaults of the server, the database and the user are. Rejects with a {@link StoreError} that says what
 * is in the way.
 *
 * @param first the state of the server that the node reached first, which is the same
 */
export async function prepare(
  connection: Connection,
  purpose: Purpose,
  first?: ServerState,
): Promise<ServerState> {
  const { rows } = await connection.query<ServerState>(stateSql);
  const [state] = rows as [ServerState];
  const problem = problemOf(state, connection.process, first);
  if (problem !== undefined) throw new StoreError('unfit', problem);
  const settings = settingsOf(purpose, state);
  await connection.query(settingsSql, [Object.keys(settings), Object.values(settings)]);
  // What waits for a lock ends when its client has ended. A server that cannot look for that says so.
  await connection
    .query(settingsSql, [['client_connection_check_interval'], ['2000']])
    .catch(() => {});
  return state;
}

function problemOf(
  state: ServerState,
  process: number | null,
  first: ServerState = state,
): string | undefined {
  if (state.version < versionMin) {
    return `PostgreSQL ${state.versionName} is too old: it has to be 13 or newer`;
  }
  if (state.standby) return 'that PostgreSQL is a standby, which takes no writes';
  if (state.readOnly === 'on') {
    return 'that PostgreSQL is set to read only (default_transaction_read_only)';
  }
  if (process !== null && process !== state.process) {
    return 'a pooler such as PgBouncer is in front of that PostgreSQL, and notifications and locks do not pass through it';
  }
  if (state.began !== first.began) {
    return 'the connections of this node lead to several PostgreSQL servers, and it needs one';
  }
  return undefined;
}

/** Tells an operator of what weakens a promise: of each once, and again when it was gone meanwhile. */
export class Weaknesses {
  readonly #onNotice: (notice: string) => void;
  #known: readonly string[] = [];

  constructor(onNotice: (notice: string) => void) {
    this.#onNotice = onNotice;
  }

  /** Takes the state of the server, as a look has found it. */
  note(state: ServerState): void {
    const weaknesses = weaknessesOf(state);
    for (const weakness of weaknesses) {
      if (!this.#known.includes(weakness)) this.#onNotice(weakness);
    }
    this.#known = weaknesses;
  }
}

/** Returns what weakens a promise, for an operator. */
export function weaknessesOf(state: ServerState): readonly string[] {
  const weaknesses: readonly (readonly [boolean, string])[] = [
    [
      state.fsync === 'off',
      'PostgreSQL has fsync = off: a crash of its machine loses confirmed changes, and may lose all data',
    ],
    [
      state.fullPageWrites === 'off',
      'PostgreSQL has full_page_writes = off: a crash of its machine may damage what it was writing',
    ],
    [
      state.standbys > 0 && state.waitsFor === '',
      'PostgreSQL waits for no standby (synchronous_standby_names): one that takes over lacks the last of what was confirmed',
    ],
    [
      state.standbys === 0 && state.waitsFor !== '',
      `PostgreSQL waits for a standby (synchronous_standby_names = ${state.waitsFor}), and none follows it: no write is answered until one does`,
    ],
    [
      !state.local && !state.encrypted,
      'the connection to PostgreSQL is not encrypted, and others on its way can read it: set sslmode=verify-full in --postgres-url',
    ],
  ];
  return weaknesses.flatMap(([is, text]) => (is ? [text] : []));
}

function settingsOf(purpose: Purpose, { commit }: ServerState): Readonly<Record<string, string>> {
  // Leases and hints need not be on a disk. All else waits for it, and for a synchronous standby.
  const waits = commit === 'remote_apply' ? commit : 'on';
  return {
    synchronous_commit: purpose === 'control' ? 'off' : waits,
    default_transaction_isolation: 'read committed',
    // The wait for a standby that was given up is a warning.
    client_min_messages: 'warning',
    // Nobody else's function is taken for one of PostgreSQL's.
    search_path: 'pg_catalog',
    // Numbers and times are written as the driver reads them, and what is null is null.
    DateStyle: 'ISO',
    extra_float_digits: '1',
    array_nulls: 'on',
    // A search finds all.
    gin_fuzzy_search_limit: '0',
    idle_session_timeout: '0',
    transaction_timeout: '0',
    ...timeoutsOf[purpose],
    ...(purpose === 'writer' || purpose === 'reader' ? byKeyAlone : {}),
    // Otherwise it makes a plan anew for each short batch, which takes a fifth of the batch.
    ...(purpose === 'writer' ? { plan_cache_mode: 'force_generic_plan' } : {}),
    // When this node is cut off, its connections end at the other end, too.
    tcp_keepalives_idle: '10',
    tcp_keepalives_interval: '5',
    tcp_keepalives_count: '3',
    tcp_user_timeout: '25000',
  };
}

// Their rows are found by keys. Otherwise PostgreSQL reads all of a table that was small when it looked last: the
// mailboxes, which are nearly empty and full of removed messages. Where a plan looks dear, it is not compiled.
const byKeyAlone = { enable_seqscan: 'off', jit: 'off' } as const;

// In milliseconds. What takes longer fails alone, before the connection is taken for cut.
const timeoutsOf: Readonly<Record<Purpose, Readonly<Record<string, string>>>> = {
  control: {
    statement_timeout: '0',
    lock_timeout: '50000',
    // A process that is stopped while it changes the schema holds up no other for long.
    idle_in_transaction_session_timeout: '10000',
  },
  writer: {
    statement_timeout: '0',
    lock_timeout: '5000',
    // A move reads its data between two statements.
    idle_in_transaction_session_timeout: '0',
  },
  reader: { statement_timeout: '8000', lock_timeout: '5000' },
  // How to search depends on what for.
  searcher: {
    statement_timeout: '30000',
    lock_timeout: '5000',
    plan_cache_mode: 'force_custom_plan',
  },
};
