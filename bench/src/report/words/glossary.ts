/** A word that the report uses in a sense of its own. */
export interface Term {
  readonly term: string;
  /** The forms in which it stands in text, beginning with the word itself. */
  readonly forms: string;
  readonly meaning: string;
}

/** Explains each term to which a report links. */
export const glossary: readonly Term[] = [
  {
    term: 'lane',
    forms: 'lanes?',
    meaning:
      'One thing that is measured: a transport in one mode, or a control such as a bare echo.',
  },
  {
    term: 'scenario',
    forms: 'scenarios?',
    meaning: 'One question at one point, such as throughput at depth 64.',
  },
  {
    term: 'placement',
    forms: 'placements?',
    meaning: 'Where the two processes run: both on one core, on a core each, or unpinned.',
  },
  {
    term: 'cell',
    forms: 'cells?',
    meaning: 'One scenario on one lane at one placement.',
  },
  {
    term: 'round',
    forms: 'rounds?',
    meaning: 'One run of every cell: a fresh server process and a fresh client process for each.',
  },
  {
    term: 'Converse',
    forms: 'Converse|one stream',
    meaning:
      'The gRPC mode in which all operations of a session go over one stream in both directions; the other mode, unary, makes a call for each operation.',
  },
  {
    term: 'unary',
    forms: 'unary( calls?)?',
    meaning: 'The gRPC mode in which each operation is a call of its own.',
  },
  {
    term: 'depth',
    forms: 'depth',
    meaning: 'How many operations are under way on one connection at a time.',
  },
  {
    term: 'steady',
    forms: 'steady',
    meaning:
      'No longer becoming faster: windows of the warm-up agree by a stated rule before a run is measured.',
  },
  {
    term: 'slow',
    forms: 'slow runs?',
    meaning:
      'A run before or after which a fixed amount of CPU work took longer than while the machine was calm.',
  },
  {
    term: 'disturbed',
    forms: 'disturbed',
    meaning:
      'Of a run: beside it other programs, or other machines of the hypervisor, kept more than a stated part of a core busy.',
  },
  {
    term: '95% interval',
    forms: '95% intervals?',
    meaning:
      'The range in which the true value lies in 95 of 100 experiments like this one, by a bootstrap over rounds.',
  },
  {
    term: 'noise floor',
    forms: 'noise floors?',
    meaning:
      'How far from 1 the ratio of a lane to itself may come to lie: a smaller difference could be the rig’s.',
  },
  {
    term: 'percentile',
    forms: '(90th|99th) percentiles?|percentiles?',
    meaning:
      'The 99th is the time within which 99 of 100 operations were done; the 50th is the median.',
  },
  {
    term: 'open loop',
    forms: 'open loops?|corrected',
    meaning:
      'Requests are sent at their times, answered or not; latency counts from the time at which each was to be sent.',
  },
  {
    term: 'Little’s law',
    forms: 'Little’s law',
    meaning:
      'What is under way is the rate times the time each takes; by how much it fails shows what a measurement has left out.',
  },
  {
    term: 'citable',
    forms: 'to be cited|citable',
    meaning:
      'Of a figure: valid, steady, and measured on a calm machine by a whole run from a known commit.',
  },
];
