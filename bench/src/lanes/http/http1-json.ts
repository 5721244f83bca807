import { Agent, createServer, type IncomingMessage, request as requestHttp } from 'node:http';
import { EchoLaneClient } from '../echo/echo-lane-client.ts';
import { echoedCharsMax } from '../echo/echo-operations.ts';
import { listen, listenBacklog, serviceless } from '../echo/echo-server.ts';
import type { Lane, LaneClient, LaneServer, LaneSettings, Target, Workload } from '../lane.ts';
import { type JsonRequest, jsonRequestOf, jsonResponseTo } from './json-operations.ts';

/** Of HTTP/1.1 with JSON, whatever its client. */
export const settings: LaneSettings = {
  noDelay: 'TCP_NODELAY on both sides (node:http sets it)',
  writes: 'a request and a response each written by themselves, head and body together',
  deadlines: 'none in the client; the server ends a request that takes 300 s, as by default',
  keepalive:
    'client: TCP, after 1 s of silence, as its agent sets it; HTTP keep-alive: the server closes a connection after 5 s of silence, as by default',
  compression: 'none',
  serialization:
    'JSON.stringify and JSON.parse, the fields of the gRPC contract; a search as the chat has it, a send answered with itself',
  windows: 'those of TCP alone',
  ...serviceless,
  otherOptions: `node:http server with default options, but a listen backlog of ${listenBacklog}; client: an agent of one connection, which a GET opens; a promise for each operation`,
};

/** The usual choice for requests: HTTP/1.1 and JSON, with the client of Node.js. */
export const lane: Lane = {
  name: 'http1-json',
  title: 'HTTP/1.1 with JSON',
  description:
    'A POST with a JSON body over node:http, on a connection that is kept; the server parses it and answers with JSON.',
  kind: 'control',
  wire: 'http1',
  baselines: ['net-echo', 'http2-echo'],
  depthMax: 1,
  echoedCharsMax,
  settings,
  startServer,
  connect,
};

/** Starts the server that both clients of HTTP/1.1 are measured with. */
export function startServer(): Promise<LaneServer> {
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(204).end();
      return;
    }
    void textOf(request).then((text) => {
      const content = JSON.stringify(jsonResponseTo(request.url, JSON.parse(text)));
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(content),
      });
      response.end(content);
    });
  });
  return listen(server);
}

async function connect(target: Target): Promise<LaneClient> {
  const client = new HttpClient(target);
  await client.open();
  return client;
}

class HttpClient extends EchoLaneClient {
  readonly #target: Target;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #closed = false;

  constructor(target: Target) {
    super();
    this.#target = target;
  }

  /** Opens the connection with a request, which is the only way. */
  async open(): Promise<void> {
    await this.#request('GET', '/', undefined);
  }

  operation(workload: Workload): () => Promise<void> {
    const request = jsonRequestOf(workload);
    return () => this.#post(request);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#agent.destroy();
    return Promise.resolve();
  }

  async #post({ path, body, isExpected }: JsonRequest): Promise<void> {
    const response = await this.#request('POST', path, JSON.stringify(body));
    if (!isExpected(JSON.parse(response))) throw new Error('the response is not the one expected');
  }

  #request(method: string, path: string, body: string | undefined): Promise<string> {
    // The agent would open another connection.
    if (this.#closed) return Promise.reject(new Error('this client was closed'));
    const headers =
      body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const { host, port } = this.#target;
      const request = requestHttp({ host, port, method, path, headers, agent: this.#agent });
      request.on('response', (response) => textOf(response).then(resolve, reject));
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** Reads a body by events: to iterate over a message takes a tenth more of the processor time of an operation. */
function textOf(message: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    message.setEncoding('utf8');
    message.on('data', (chunk: string) => {
      text += chunk;
    });
    message.on('end', () => resolve(text));
    message.on('error', reject);
  });
}
