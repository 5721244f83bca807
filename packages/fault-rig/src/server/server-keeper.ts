import { join } from 'node:path';
import { ChatError, Status } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';
import { withTimeout } from '../timeout.ts';
import { breakDisk } from './broken-disk.ts';
import {
  type Exit,
  type ServerCommand,
  type ServerPorts,
  ServerProcess,
} from './server-process.ts';

/** The events that a keeper reports to its owner. */
export interface ServerKeeperListener {
  /** The server listens, perhaps on other ports than before. */
  listening(ports: ServerPorts): void;
  /** The server did something unexpected: it ended, did not start, or did not end as it should. */
  trouble(what: string): void;
}

// A start includes the reading of the data, on a busy machine.
const startTimeoutMs = 30_000;
const stopTimeoutMs = 30_000;

// docs/OPERATIONS.md: the data could not be read or written while the server ran.
const storeFailedExitCode = 74;

/** Keeps one server running, and can end it in every way. */
export class ServerKeeper {
  readonly #command: ServerCommand;
  readonly #dataDirectory: string | undefined;
  readonly #listener: ServerKeeperListener;
  #server: ServerProcess | undefined;
  /** The servers that the keeper ends, whose exit is expected. */
  #expected = new WeakSet<ServerProcess>();
  #closed = false;

  /** @param dataDirectory undefined for a server that keeps its data elsewhere */
  constructor(
    command: ServerCommand,
    dataDirectory: string | undefined,
    listener: ServerKeeperListener,
  ) {
    this.#command = command;
    this.#dataDirectory = dataDirectory;
    this.#listener = listener;
  }

  /** The path of SQLite's file. */
  get databasePath(): string {
    return join(this.#dataDirectory ?? '', 'tandem.db');
  }

  /** The server, if one is running. */
  get server(): ServerProcess | undefined {
    return this.#server;
  }

  /** Starts a server. Resolves with false, and reports it, when the server does not listen. */
  async start(): Promise<boolean> {
    const server = this.#spawn();
    const ports = await withTimeout(server.listening, startTimeoutMs);
    if (ports === undefined) {
      if (this.#closed) return false;
      await this.#end(server, 'SIGKILL');
      this.#listener.trouble(`the server did not start:\n${server.log}`);
      return false;
    }
    this.#listener.listening(ports);
    return true;
  }

  /** Starts a server and kills it after this time, at any point of its start. */
  async startAndKill(afterMs: number): Promise<void> {
    const server = this.#spawn();
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await this.#end(server, 'SIGKILL');
  }

  /** Starts a server that may fail to start. Resolves with true if it runs. */
  async tryToStart(): Promise<boolean> {
    const server = this.#spawn();
    const ports = await withTimeout(server.listening, startTimeoutMs);
    if (ports === undefined) await this.#end(server, 'SIGKILL');
    else this.#listener.listening(ports);
    return ports !== undefined;
  }

  /** Sends SIGKILL. Resolves when the server is gone. */
  async kill(): Promise<void> {
    if (this.#server !== undefined) await this.#end(this.#server, 'SIGKILL');
  }

  /** Sends SIGTERM. The server must end by itself, with exit code 0. */
  async terminate(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const exit = await this.#end(server, 'SIGTERM');
    if (exit.code === 0 || this.#closed) return;
    const end = exit.signal ?? exit.code;
    this.#listener.trouble(`the server ended with ${end} at SIGTERM:\n${server.log}`);
  }

  /**
   * Makes the server write something, if one is running. Resolves with true when it has.
   *
   * @param before done just before
   */
  async makeItWrite(before?: () => void): Promise<boolean> {
    const ports = await this.#server?.listening;
    if (ports === undefined || this.#server === undefined) return false;
    return makeItWrite(this.#server.host, ports.socket, before);
  }

  /** Makes every write to a file fail. The server must notice it, and end by itself. */
  async breakDisk(): Promise<void> {
    const server = this.#server;
    const ports = await server?.listening;
    if (server === undefined || ports === undefined) return;
    this.#expected.add(server);
    // If that fails, the server goes on, which is reported below.
    await breakDisk(server.pid).catch(() => {});
    await makeItWrite(server.host, ports.socket);
    const exit = await withTimeout(server.exited, stopTimeoutMs);
    if (exit?.code !== storeFailedExitCode && !this.#closed) {
      const how = exit === undefined ? 'went on' : `ended with ${exit.signal ?? exit.code}`;
      this.#listener.trouble(`the server ${how} when it could not write:\n${server.log}`);
    }
    await this.#end(server, 'SIGKILL');
  }

  /** Kills the server, for good. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.kill();
  }

  #spawn(): ServerProcess {
    const server = new ServerProcess(this.#command, this.#dataDirectory);
    this.#server = server;
    void server.listening.then((ports) => {
      if (ports !== undefined) void this.#watch(server);
    });
    return server;
  }

  async #watch(server: ServerProcess): Promise<void> {
    const { code, signal } = await server.exited;
    if (this.#expected.has(server) || this.#closed) return;
    this.#server = undefined;
    this.#listener.trouble(`the server ended by itself with ${signal ?? code}:\n${server.log}`);
  }

  async #end(server: ServerProcess, signal: NodeJS.Signals): Promise<Exit> {
    this.#expected.add(server);
    server.signal(signal);
    const exit = await withTimeout(server.exited, stopTimeoutMs);
    if (exit === undefined) server.signal('SIGKILL');
    const ended = exit ?? (await server.exited);
    if (this.#server === server) this.#server = undefined;
    return ended;
  }
}

/**
 * Makes a request that the server has to write to its database, since all its clients may be silent.
 * Resolves at the response, or when the server is gone: with true when it has written.
 *
 * @param before done just before, when nothing but the request is left to do
 */
async function makeItWrite(
  host: string,
  port: number,
  before: () => void = () => {},
): Promise<boolean> {
  try {
    const client = await connectSocketClient({ host, port, responseTimeoutMs: 3_000 });
    const name = `written${Math.round(performance.now())}`;
    await client.register(name);
    await client.login(name);
    before();
    const { status } = await client.delete();
    await client.close();
    return status === Status.deleted;
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return false;
  }
}
