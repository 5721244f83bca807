/** Each term, the forms in which it stands in text (beginning with the word itself), and its meaning. */
const terms: readonly (readonly [term: string, forms: string, meaning: string])[] = [
  [
    'lane',
    'lanes?',
    'One thing that is measured: a transport in one mode, or a control such as a bare echo.',
  ],
  ['scenario', 'scenarios?', 'One question at one point, such as throughput at depth 64.'],
  [
    'placement',
    'placements?',
    'Where the two processes run: both on one core, on a core each, or unpinned.',
  ],
  ['cell', 'cells?', 'One scenario on one lane at one placement.'],
  [
    'round',
    'rounds?',
    'One run of every cell: a fresh server process and a fresh client process for each.',
  ],
  [
    'Converse',
    'Converse|one stream',
    'The gRPC mode in which all operations of a session go over one stream in both directions; the other mode, unary, makes a call for each operation.',
  ],
  ['unary', 'unary( calls?)?', 'The gRPC mode in which each operation is a call of its own.'],
  ['depth', 'depth', 'The number of operations that are under way on one connection.'],
  [
    'handshake',
    'handshakes?',
    'The exchange in which two sides agree on the keys of TLS. In a full handshake the server proves itself by its certificate. A client with a ticket of an earlier connection resumes that session, and the server does not prove itself again.',
  ],
  [
    'steady',
    'steady',
    'No longer becoming faster: windows of the warm-up agree by a stated rule before a run is measured.',
  ],
  [
    'slow',
    'slow runs?',
    'Of a run: just before or after it, a fixed amount of CPU work took longer than on the calm machine.',
  ],
  [
    'disturbed',
    'disturbed',
    'Of a run: while it ran, other programs, or other machines of the hypervisor, kept more than a stated part of a core busy.',
  ],
  [
    '95% interval',
    '95% intervals?',
    'The range in which the true value lies in 95 of 100 experiments like this one, by a bootstrap over rounds.',
  ],
  [
    'noise floor',
    'noise floors?',
    'The distance from 1 that the ratio of a lane to itself can have. A smaller difference between two lanes may come from the rig.',
  ],
  [
    'percentile',
    '(90th|99th) percentiles?|percentiles?',
    'The 99th is the time within which 99 of 100 operations were done; the 50th is the median.',
  ],
  [
    'open loop',
    'open loops?|corrected',
    'Each request is sent when it is due, whether or not earlier ones have their responses. Latency counts from the time at which the request was due.',
  ],
  [
    'Little’s law',
    'Little’s law',
    'The number of requests under way is their rate times the time of each. A difference shows how much a measurement has left out.',
  ],
  [
    'citable',
    'to be cited|citable',
    'Of a figure: valid, steady, and measured on a calm machine by a whole run from a known commit.',
  ],
];

/** Explains each term to which a report links. */
export const glossary = terms.map(([term, forms, meaning]) => ({ term, forms, meaning }));
