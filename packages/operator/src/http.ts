import { createRequire } from 'node:module';

// An import reads every name of a module of Node.js, the lazy ones too. One of these loads the code of
// `fetch`, which takes 20 ms of the start of a server.
const http = createRequire(import.meta.url)('node:http') as typeof import('node:http');

/** Node's functions of these names. */
export const { createServer, request } = http;
