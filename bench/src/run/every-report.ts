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
  'No network. Client and server talk over the loopback of one machine, which loses, delays and reorders nothing. A real network adds its round trip to every operation of every transport, so one at a time the ratios between them shrink towards 1; the bytes and the CPU time stay. Only the round-trip scenarios add a delay, by a proxy at which TCP ends: without loss, without a limit of bandwidth, and without TCP’s own windows.',
  'Few measurements with TLS. A run that asks for TLS measures one request at a time, throughput and the set-up of connections over it, on one core; all other times are without TLS. The wire ledger shows what TLS adds in bytes.',
  'One machine. Another CPU, kernel or hypervisor gives other figures, and may give other ratios: to wake a process on another core can cost more than a whole operation here. The lab cannot see if the cores of a virtual machine are cores of its host or threads of one.',
  'Node.js only, and of gRPC only @grpc/grpc-js. gRPC in Go, C++ or Java is another implementation with other costs; this report is about this one only.',
  'Small messages only. Bodies have at most 262 bytes, and an operation is tens of bytes; the report does not show how a transport moves megabytes.',
  'One server and one client. Each is a process with one thread that runs JavaScript; the report does not show a cluster, a proxy or a load balancer.',
  'No price for what gRPC gives beyond a request and a response. The report does not weigh clients in other languages from one contract, deadlines, retries, load balancing and tools, or the work of maintaining a protocol of one’s own.',
  'Minutes, not weeks. A run does not show what takes long to appear: leaks, fragmentation, a machine that gets hot. Rare events are missing too: a run measures for as long as its 99th percentile needs, and keeps no percentile beyond it.',
  'Node.js without flags. Some flags change how long and how often garbage collection stops a process; no lane has any.',
  'One interval at a time. Each 95% interval is for its own figure: of twenty, one may well miss.',
  'No disk. The store is in memory, except where a cell says otherwise; a store that waits for a disk adds that wait to every transport.',
];
