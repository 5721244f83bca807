import type { Report } from '../report/schema/report.ts';

const source =
  'published with the 2023 program: Python, on the machine of its authors, not measured here';

/**
 * The published figures of the seed of this project, a Python program of 2023. Of another machine and
 * another runtime: these figures stand beside ours to be seen, and no ratio is taken with them.
 */
export const published: Report['published'] = [
  { task: 'set-up', transport: 'sockets', seconds: 0.0022, source },
  { task: 'set-up', transport: 'grpc', seconds: 0.0189, source },
  { task: 'op-suite', transport: 'sockets', seconds: 0.0024, source },
  { task: 'op-suite', transport: 'grpc', seconds: 0.0187, source },
  { task: 'registers-100', transport: 'sockets', seconds: 0.0175, source },
  { task: 'registers-100', transport: 'grpc', seconds: 0.0712, source },
];

/** The limits of every report of this lab, each in a sentence or two. */
export const notShown: readonly string[] = [
  'No network. Client and server talk over the loopback of one machine, which loses, delays and reorders nothing. Across a real network the round trip is added to every operation of every transport alike, so the ratios between them shrink towards 1 at one operation at a time; the bytes and the CPU time stay. Only the round-trip scenarios put a delay in between, by a proxy at which TCP ends: no loss, no bandwidth, and nothing of TCP’s own windows.',
  'TLS in few times. One request at a time, throughput and the set-up of connections are measured over TLS on one core, where the run asked for it; all other times are without. The wire ledger shows what TLS adds in bytes.',
  'One machine. Another CPU, kernel or hypervisor gives other figures, and may give other ratios: waking a process on another core alone can cost more than a whole operation here. Whether the cores of a virtual machine are cores of its host or threads of one cannot be seen from within.',
  'Node.js only, and of gRPC only @grpc/grpc-js. gRPC in Go, C++ or Java is another implementation with other costs, and what is said of gRPC here is said of this one.',
  'Small messages only. Bodies have at most 262 bytes, and an operation is tens of bytes; nothing here says how either transport moves megabytes.',
  'One server and one client. Each is a process with one thread that runs JavaScript; nothing here says how a cluster, a proxy or a load balancer would do.',
  'No price is put on what gRPC gives beyond a request and a response. Clients in other languages from one contract, deadlines, retries, load balancing and the tools of others are not weighed, nor is the work of keeping a protocol of one’s own.',
  'Minutes, not weeks. A run shows nothing of what only shows over time: leaks, fragmentation, a machine that gets hot. What is rare is missing too: a run measures for as long as its 99th percentile needs, and keeps none beyond it.',
  'Node.js as it comes. No lane has flags of its own, of which some change how long and how often garbage collection stops everything.',
  'One interval at a time. Each has its 95% for itself: of twenty, one may well miss.',
  'No disk. The store is in memory, except where a cell says otherwise; a store that waits for a disk adds that wait to both transports.',
];
