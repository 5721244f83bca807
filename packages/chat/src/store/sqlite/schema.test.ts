import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../../test/store/sqlite/data-directory.ts';
import { applicationId, checkVersion, migrate, migrations } from './schema.ts';

const version1 = readFileSync(
  new URL('../../../test/store/sqlite/fixtures/schema-version-1.sql', import.meta.url),
  'utf8',
);

/** A next version as one might be: a new column, filled from what there is, and a table less. */
const next = `
  ALTER TABLE accounts ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
  UPDATE accounts SET unread = (SELECT count(*) FROM messages WHERE recipient = username);
  DROP TABLE leftovers;
`;

let database: DatabaseSync;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
});

function schemaOf(one: DatabaseSync): unknown[] {
  return one.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
}

const version = () => database.prepare('PRAGMA user_version').get()?.user_version;

describe('the ladder', () => {
  it('makes of an empty file what it always made: a step that was released does not change', () => {
    migrate(database, 'file', migrations.slice(0, 1));
    const released = new DatabaseSync(':memory:');
    released.exec(version1);
    const words = (rows: unknown[]) => JSON.stringify(rows).replaceAll(/(\\n|\s)+/g, ' ');
    expect(words(schemaOf(database))).toBe(words(schemaOf(released)));
  });

  it('brings a file of version 1, with what is in it, to a next version', () => {
    database.exec(version1);
    expect(migrate(database, 'file', [...migrations.slice(0, 1), next])).toBe(1);
    expect(version()).toBe(2);
    expect(database.prepare('SELECT * FROM accounts ORDER BY username').all()).toEqual([
      { username: 'ann', unread: 2 },
      { username: 'bob', unread: 0 },
    ]);
    expect(database.prepare('SELECT count(*) AS count FROM messages').get()).toEqual({ count: 2 });
  });

  it('brings a file of version 1 to the version of today, in which nothing has a place yet', () => {
    database.exec(version1);
    expect(migrate(database, 'file')).toBe(1);
    expect(version()).toBe(migrations.length);
    const places = database.prepare('SELECT session, session_count FROM messages').all();
    expect(places).toEqual(Array(2).fill({ session: null, session_count: null }));
  });

  it('climbs any number of steps, and none twice', () => {
    const ladder = [...migrations.slice(0, 1), next, 'CREATE TABLE third (x)'];
    expect(migrate(database, 'file', ladder)).toBe(0);
    expect(migrate(database, 'file', ladder)).toBe(3);
    expect(version()).toBe(3);
  });

  it('leaves the file as it was when a step fails half way', () => {
    database.exec(version1);
    const before = schemaOf(database);
    const broken = `${next}; INSERT INTO nowhere VALUES (1)`;
    expect(() => migrate(database, 'file', [...migrations.slice(0, 1), broken])).toThrow('nowhere');
    expect(version()).toBe(1);
    expect(schemaOf(database)).toEqual(before);
    expect(database.isTransaction).toBe(false);
  });
});

describe('the version', () => {
  it('of a file of ours is known', () => {
    expect(checkVersion(database, 'file')).toBe(0);
    database.exec(version1);
    expect(checkVersion(database, 'file')).toBe(1);
  });

  it('is refused when it is newer than this program', async () => {
    database.exec(`${version1}; PRAGMA user_version = 2`);
    expect(await codeOf(() => checkVersion(database, 'file', 1))).toBe('newer');
  });

  it.each([
    ['another mark', 'CREATE TABLE x (y); PRAGMA application_id = 1; PRAGMA user_version = 1'],
    ['no mark', 'CREATE TABLE x (y); PRAGMA user_version = 1'],
    ['no version', `CREATE TABLE x (y); PRAGMA application_id = ${applicationId}`],
    ['a version and nothing else', 'PRAGMA user_version = 1'],
  ])('of another program is refused: %s', async (_, sql) => {
    database.exec(sql);
    expect(await codeOf(() => checkVersion(database, 'file'))).toBe('foreign');
  });
});
