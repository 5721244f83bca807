import { Pool } from 'undici';
import { EchoLaneClient } from '../echo/echo-lane-client.ts';
import type { Lane, LaneClient, Target, Workload } from '../lane.ts';
import { lane as http1Json, settings as httpSettings, startServer } from './http1-json.ts';
import { type JsonRequest, jsonRequestOf } from './json-operations.ts';

/** The same with the faster client. */
export const lane: Lane = {
  ...http1Json,
  name: 'http1-json-undici',
  title: 'HTTP/1.1 with JSON, undici',
  description:
    'As http1-json, with a pool of undici in place of the client of node:http; the server is the same.',
  baselines: ['http1-json', 'net-echo'],
  settings: {
    ...httpSettings,
    keepalive: httpSettings.keepalive.replace(
      '1 s of silence, as its agent',
      '60 s of silence, as undici',
    ),
    deadlines: 'undici: 300 s for headers and for a body, as by default; the server as http1-json',
    otherOptions: httpSettings.otherOptions.replace(
      'an agent of one connection',
      'a pool of undici 8 with one connection and a pipelining of 1',
    ),
  },
  startServer,
  connect,
};

async function connect({ host, port }: Target): Promise<LaneClient> {
  const pool = new Pool(`http://${host}:${port}`, { connections: 1, pipelining: 1 });
  const client = new UndiciClient(pool);
  await client.open().catch(async (error: unknown) => {
    await client.close();
    throw error;
  });
  return client;
}

class UndiciClient extends EchoLaneClient {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super();
    this.#pool = pool;
  }

  /** Opens the connection with a request, which is the only way. */
  async open(): Promise<void> {
    const { body } = await this.#pool.request({ method: 'GET', path: '/' });
    await body.dump();
  }

  operation(workload: Workload): () => Promise<void> {
    const request = jsonRequestOf(workload);
    return () => this.#post(request);
  }

  close(): Promise<void> {
    return this.#pool.destroyed ? Promise.resolve() : this.#pool.destroy();
  }

  async #post({ path, body, isExpected }: JsonRequest): Promise<void> {
    const { body: response } = await this.#pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!isExpected(await response.json())) throw new Error('the response is not the one expected');
  }
}
