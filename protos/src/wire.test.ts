import { describe, expect, it } from 'vitest';
import { loadMessageService } from './loader.ts';

const { Register, Login, Subscribe, Search, Send, Acknowledge, Converse } = loadMessageService();

const username = { write: Register.requestSerialize, read: Register.requestDeserialize };
const statusCode = { write: Register.responseSerialize, read: Register.responseDeserialize };
const login = { write: Login.responseSerialize, read: Login.responseDeserialize };
const message = { write: Subscribe.responseSerialize, read: Subscribe.responseDeserialize };
const query = { write: Search.requestSerialize, read: Search.requestDeserialize };
const results = { write: Search.responseSerialize, read: Search.responseDeserialize };
const send = { write: Send.requestSerialize, read: Send.requestDeserialize };
const acknowledge = { write: Acknowledge.requestSerialize, read: Acknowledge.requestDeserialize };
const request = { write: Converse.requestSerialize, read: Converse.requestDeserialize };
const answer = { write: Converse.responseSerialize, read: Converse.responseDeserialize };

/** The bytes of a hex literal that may have spaces in it. */
const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

// By hand: a key is the field's number times 8, plus 0 for a varint or 2 for a length and content.
const vectors = [
  ['UsernameRequest', username, '0a05 616c696365', { username: 'alice', acknowledges: false }],
  [
    'a login that acknowledges',
    username,
    '0a03 626f62 1001',
    { username: 'bob', acknowledges: true },
  ],
  ['StatusCodeResponse', statusCode, '0818', { statusCode: 24 }],
  ['the largest code', statusCode, '087f', { statusCode: 127 }],
  ['Message', message, '0a03 626f62 1202 6869', { sender: 'bob', body: 'hi' }],
  [
    'LoginResponse',
    login,
    '0809 1209 0a03 626f62 1202 6869 120b 0a05 6361726f6c 1202 796f',
    {
      statusCode: 9,
      messages: [
        { sender: 'bob', body: 'hi' },
        { sender: 'carol', body: 'yo' },
      ],
    },
  ],
  ['LoginResponse with nothing unread', login, '0808', { statusCode: 8, messages: [] }],
  ['SearchRequest', query, '0a02 612a', { query: 'a*' }],
  ['the query for everyone', query, '', { query: '' }],
  [
    'SearchResponse',
    results,
    '0810 1205 616c696365 1203 626f62',
    { statusCode: 16, results: ['alice', 'bob'] },
  ],
  ['SearchResponse with nothing found', results, '0811', { statusCode: 17, results: [] }],
  [
    'MessageRequest',
    send,
    '0a05 616c696365 1203 626f62 1a02 6869',
    { sender: 'alice', recipient: 'bob', body: 'hi' },
  ],
  ['AcknowledgeRequest', acknowledge, '0a03 626f62 1003', { username: 'bob', count: 3 }],
  ['two bytes of count', acknowledge, '0a03 626f62 10ac02', { username: 'bob', count: 300 }],
  [
    'the largest count',
    acknowledge,
    '0a03 626f62 10ffffffffffffff0f',
    { username: 'bob', count: 2 ** 53 - 1 },
  ],
  [
    'ClientFrame to register',
    request,
    '0a07 0a05 616c696365',
    { request: 'register', register: { username: 'alice', acknowledges: false } },
  ],
  [
    'ClientFrame to log in',
    request,
    '1207 0a05 616c696365',
    { request: 'login', login: { username: 'alice', acknowledges: false } },
  ],
  [
    'ClientFrame to search',
    request,
    '1a04 0a02 612a',
    { request: 'search', search: { query: 'a*' } },
  ],
  ['ClientFrame to search everyone', request, '1a00', { request: 'search', search: { query: '' } }],
  [
    'ClientFrame to send',
    request,
    '2210 0a05 616c696365 1203 626f62 1a02 6869',
    { request: 'send', send: { sender: 'alice', recipient: 'bob', body: 'hi' } },
  ],
  [
    'ClientFrame with a batch',
    request,
    'c23e0e 0a06 1a04 0a02 612a 0a04 4202 1003',
    {
      request: 'batch',
      batch: {
        frames: [
          { request: 'search', search: { query: 'a*' } },
          { request: 'acknowledge', acknowledge: { username: '', count: 3 } },
        ],
      },
    },
  ],
  [
    'ClientFrame to log out',
    request,
    '2a07 0a05 616c696365',
    { request: 'logout', logout: { username: 'alice', acknowledges: false } },
  ],
  [
    'ClientFrame to delete',
    request,
    '3207 0a05 616c696365',
    { request: 'delete', delete: { username: 'alice', acknowledges: false } },
  ],
  [
    'ClientFrame to log in with a secret',
    request,
    '4a11 0a03 626f62 120a 68756e7465722032 3232',
    {
      request: 'loginWithSecret',
      loginWithSecret: { username: 'bob', secret: 'hunter 222', acknowledges: false },
    },
  ],
  [
    'ClientFrame to resume',
    request,
    '5a0c 0a03 626f62 1203 413141 1803',
    {
      request: 'resume',
      resume: { username: 'bob', token: 'A1A', count: 3, acknowledges: false },
    },
  ],
  [
    'ClientFrame to change a secret',
    request,
    '620a 0a03 626f62 1a03 6e6577',
    { request: 'changeSecret', changeSecret: { username: 'bob', current: '', secret: 'new' } },
  ],
  [
    'ClientFrame to block',
    request,
    '6a0c 0a03 626f62 1205 616c696365',
    { request: 'block', block: { username: 'bob', name: 'alice' } },
  ],
  [
    'ClientFrame to acknowledge',
    request,
    '4202 1003',
    { request: 'acknowledge', acknowledge: { username: '', count: 3 } },
  ],
  ['ServerFrame with a code', answer, '0818', { statusCode: 24, messages: [], results: [] }],
  [
    'ServerFrame with a message',
    answer,
    '0820 1209 0a03 626f62 1202 6869',
    { statusCode: 32, messages: [{ sender: 'bob', body: 'hi' }], results: [] },
  ],
  [
    'ServerFrame with a batch',
    answer,
    '3213 0a02 0818 0a0d 0820 1209 0a03 626f62 1202 6869',
    {
      statusCode: 0,
      messages: [],
      results: [],
      detail: 'batch',
      batch: {
        frames: [
          { statusCode: 24, messages: [], results: [] },
          { statusCode: 32, messages: [{ sender: 'bob', body: 'hi' }], results: [] },
        ],
      },
    },
  ],
  [
    'ServerFrame with usernames',
    answer,
    '0812 1a05 616c696365 1a03 626f62',
    { statusCode: 18, messages: [], results: ['alice', 'bob'] },
  ],
  [
    'ServerFrame with a token',
    answer,
    '080d 2203 413141',
    { statusCode: 13, messages: [], results: [], detail: 'resumeToken', resumeToken: 'A1A' },
  ],
  [
    'ServerFrame with seconds',
    answer,
    '0877 282a',
    {
      statusCode: 119,
      messages: [],
      results: [],
      detail: 'retryAfterSeconds',
      retryAfterSeconds: 42,
    },
  ],
] as const;

describe('the wire', () => {
  it.each(vectors)('writes %s', (_name, codec, hex, value) => {
    const write = codec.write as (value: object) => Buffer;
    expect(write(withoutDefaults(value))).toEqual(bytes(hex));
  });

  it.each(vectors)('reads %s', (_name, codec, hex, value) => {
    expect(codec.read(bytes(hex))).toEqual(value);
  });

  it('reads an empty message as its defaults', () => {
    expect(username.read(bytes(''))).toEqual({ username: '', acknowledges: false });
    expect(statusCode.read(bytes(''))).toEqual({ statusCode: 0 });
    expect(answer.read(bytes(''))).toEqual({ statusCode: 0, messages: [], results: [] });
  });

  it('reads a frame without a request, or with one that is not known, as one that asks nothing', () => {
    expect(request.read(bytes(''))).toEqual({});
    expect(request.read(bytes('3a02 0a00'))).toEqual({});
  });

  it('names one of the requests of a frame that has several, whatever their order', () => {
    const logout = '2a05 0a03 626f62';
    const search = '1a02 0a00';
    for (const hex of [`${search} ${logout}`, `${logout} ${search}`]) {
      expect(request.read(bytes(hex))).toMatchObject({
        request: 'logout',
        logout: { username: 'bob' },
      });
    }
  });

  it('writes a default that it is given, which costs two bytes and means nothing', () => {
    expect(username.write({ username: 'bob', acknowledges: false })).toEqual(
      bytes('0a03 626f62 1000'),
    );
  });

  it('reads a count that no number holds as one above the limit', () => {
    for (const count of ['8080808080808010', '8180808080808010', 'ffffffffffffffffff01']) {
      const read = acknowledge.read(bytes(`10 ${count}`));
      expect(read.count).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
    }
  });

  it('reads past fields that it does not know', () => {
    expect(statusCode.read(bytes('9a0603 616263 0818'))).toEqual({ statusCode: 24 });
  });

  it('reads bytes that are not UTF-8 as text that no rule allows', () => {
    expect(username.read(bytes('0a03 61ff62'))).toMatchObject({ username: 'a\ufffdb' });
  });
});

/** As a writer gives it: the loader writes what it is given, defaults too. */
function withoutDefaults(value: object): object {
  return JSON.parse(
    JSON.stringify(value, (_name, part: unknown) =>
      part === '' || part === 0 || part === false || (Array.isArray(part) && part.length === 0)
        ? undefined
        : part,
    ),
  );
}
