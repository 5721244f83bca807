import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isIP } from 'node:net';
import { isValidUsername, networkOf, plainAddress } from '@tandem/core';
import { openRegularFile, refuseOddFile, syncNameOf } from './regular-file.ts';

/** A banned user, by name, or a banned network; see `networkOf`. */
export type BanTarget =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'network'; readonly network: string };

/** All who are banned, in the order in which they were. */
export interface BanList {
  readonly names: readonly string[];
  readonly networks: readonly string[];
}

/** The most names, and the most networks, that are banned. */
export const bansMax = 100_000;

/**
 * Reads who is meant: an IPv4 or IPv6 address, an IPv6 network as a list of bans has it, or a username.
 * Undefined for none of these.
 */
export function parseBanTarget(text: string): BanTarget | undefined {
  const address = plainAddress(/^[\da-f]+(:[\da-f]+){3}$/i.test(text) ? `${text}::` : text);
  if (isIP(address) !== 0) return { kind: 'network', network: networkOf(address) };
  return isValidUsername(text) ? { kind: 'name', name: text } : undefined;
}

/** Keeps the bans of several servers, for all of them. */
export interface SharedBans {
  /** Bans somebody, or ends that. Resolves with false when that changes nothing. */
  changeBan(kind: BanTarget['kind'], key: string, banned: boolean): Promise<boolean>;
}

/**
 * The banned names and networks. With a file, they are kept in it and read again after a
 * restart; several servers share them elsewhere, and {@link replace} tells of the changes of others.
 */
export class Bans {
  readonly #path: string | undefined;
  readonly #shared: SharedBans | undefined;
  #names: Set<string>;
  #networks: Set<string>;

  private constructor(path: string | undefined, { names, networks }: BanList, shared?: SharedBans) {
    this.#path = path;
    this.#shared = shared;
    this.#names = new Set(names);
    this.#networks = new Set(networks);
  }

  /**
   * Opens the bans of a file, which need not be there yet; without a file, nobody is banned yet.
   * Throws an Error whose message says what is wrong with the file.
   */
  static open(path?: string): Bans {
    return new Bans(path, path === undefined ? none : readBans(path));
  }

  /** Opens bans that several servers share; nobody is known to be banned yet. */
  static shared(shared: SharedBans): Bans {
    return new Bans(undefined, none, shared);
  }

  /** Takes what is shared now. Returns the networks that are new. */
  replace({ names, networks }: BanList): readonly string[] {
    const before = this.#networks;
    this.#names = new Set(names);
    this.#networks = new Set(networks);
    return networks.filter((network) => !before.has(network));
  }

  /** Tells if a user may not log in. */
  hasName(name: string): boolean {
    return this.#names.has(name);
  }

  /** Tells if connections of a network are refused. */
  hasNetwork(network: string): boolean {
    return this.#networks.has(network);
  }

  /** Tells if somebody is banned. */
  has(target: BanTarget): boolean {
    const { all, key } = this.#placeOf(target);
    return all.has(key);
  }

  /** All bans, as a copy. */
  get list(): BanList {
    return { names: [...this.#names], networks: [...this.#networks] };
  }

  /** Bans somebody. Returns false when they are already, or when there are as many as may be. */
  add(target: BanTarget): boolean | Promise<boolean> {
    const { all, key } = this.#placeOf(target);
    if (all.has(key) || all.size >= bansMax) return false;
    if (this.#shared !== undefined) return this.#shared.changeBan(target.kind, key, true);
    all.add(key);
    this.#keep(() => all.delete(key));
    return true;
  }

  /** Lets somebody in again. Returns false when they were not banned. */
  remove(target: BanTarget): boolean | Promise<boolean> {
    const { all, key } = this.#placeOf(target);
    if (this.#shared !== undefined) return this.#shared.changeBan(target.kind, key, false);
    if (!all.delete(key)) return false;
    this.#keep(() => all.add(key));
    return true;
  }

  #placeOf(target: BanTarget): { readonly all: Set<string>; readonly key: string } {
    return { all: target.kind === 'name' ? this.#names : this.#networks, key: keyOf(target) };
  }

  /** Writes the file anew, whole or not at all. Undoes the change, and throws, when that fails. */
  #keep(undo: () => void): void {
    if (this.#path === undefined) return;
    try {
      replaceFile(this.#path, `${JSON.stringify(this.list, undefined, 2)}\n`);
    } catch (error) {
      undo();
      throw error;
    }
  }
}

const none: BanList = { names: [], networks: [] };

function keyOf(target: BanTarget): string {
  return target.kind === 'name' ? target.name : target.network;
}

function readBans(path: string): BanList {
  const text = readIfThere(path);
  if (text === undefined) return none;
  const list: unknown = parse(path, text);
  if (!isBanList(list))
    throw new Error(`${path} is not a list of bans: it needs "names" and "networks"`);
  return {
    names: list.names.map((name) => readTarget(path, name, 'name')),
    networks: list.networks.map((network) => readTarget(path, network, 'network')),
  };
}

/** Returns what a ban is known by, however somebody has written it. */
function readTarget(path: string, text: string, kind: BanTarget['kind']): string {
  const target = parseBanTarget(text);
  if (target?.kind === kind) return keyOf(target);
  const meant = kind === 'name' ? 'username' : 'IPv4 or IPv6 address';
  throw new Error(`${path} has ${JSON.stringify(text)} in "${kind}s", which is no ${meant}`);
}

function readIfThere(path: string): string | undefined {
  let file: number;
  try {
    file = openRegularFile(path, constants.O_RDONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}`);
  }
}

function isBanList(list: unknown): list is BanList {
  if (typeof list !== 'object' || list === null) return false;
  const { names, networks } = list as Partial<Record<keyof BanList, unknown>>;
  return [names, networks].every(
    (all) => Array.isArray(all) && all.every((one) => typeof one === 'string'),
  );
}

function replaceFile(path: string, text: string): void {
  const partial = `${path}.partial`;
  for (const each of [path, partial]) refuseOddFile(each);
  rmSync(partial, { force: true });
  try {
    const file = openSync(partial, 'wx', 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  syncNameOf(path);
}
