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
  ['depth', 'depth', 'How many operations are under way on one connection at a time.'],
  [
    'handshake',
    'handshakes?',
    'How two sides agree on the keys of TLS. In a whole one the server proves itself by its certificate; with a ticket of a connection before, the session is resumed, and it need not.',
  ],
  [
    'steady',
    'steady',
    'No longer becoming faster: windows of the warm-up agree by a stated rule before a run is measured.',
  ],
  [
    'slow',
    'slow runs?',
    'A run before or after which a fixed amount of CPU work took longer than while the machine was calm.',
  ],
  [
    'disturbed',
    'disturbed',
    'Of a run: beside it other programs, or other machines of the hypervisor, kept more than a stated part of a core busy.',
  ],
  [
    '95% interval',
    '95% intervals?',
    'The range in which the true value lies in 95 of 100 experiments like this one, by a bootstrap over rounds.',
  ],
  [
    'noise floor',
    'noise floors?',
    'How far from 1 the ratio of a lane to itself may come to lie: a smaller difference could be the rig’s.',
  ],
  [
    'percentile',
    '(90th|99th) percentiles?|percentiles?',
    'The 99th is the time within which 99 of 100 operations were done; the 50th is the median.',
  ],
  [
    'open loop',
    'open loops?|corrected',
    'Requests are sent at their times, answered or not; latency counts from the time at which each was to be sent.',
  ],
  [
    'Little’s law',
    'Little’s law',
    'What is under way is the rate times the time each takes; by how much it fails shows what a measurement has left out.',
  ],
  [
    'citable',
    'to be cited|citable',
    'Of a figure: valid, steady, and measured on a calm machine by a whole run from a known commit.',
  ],
];

/** Explains each term to which a report links. */
export const glossary = terms.map(([term, forms, meaning]) => ({ term, forms, meaning }));
