import type { Place } from '../place/place.ts';

/** Everybody who is banned, at all nodes. */
export interface NodeBans {
  readonly names: string[];
  readonly networks: string[];
}

/** Bans a user or a network, or ends that. Resolves with false when that changes nothing. */
export async function changeBan(
  place: Place,
  kind: 'name' | 'network',
  key: string,
  banned: boolean,
): Promise<boolean> {
  const [name, text] = banned ? ['ban', banSql] : ['unban', unbanSql];
  const changed = await place.search(name, text, [kind, key]);
  return changed.length > 0;
}

/** Reads all bans. */
export async function readBans(place: Place): Promise<NodeBans | undefined> {
  const [bans] = await place.search<{ names: string[]; networks: string[] }>('bans', bansSql, []);
  return bans;
}

const banSql = 'INSERT INTO tandem.bans VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING kind';
const unbanSql = 'DELETE FROM tandem.bans WHERE kind = $1 AND target = $2 RETURNING kind';
const bansSql = `
SELECT COALESCE(array_agg(target) FILTER (WHERE kind = 'name'), '{}') AS names,
  COALESCE(array_agg(target) FILTER (WHERE kind = 'network'), '{}') AS networks
FROM tandem.bans`;
