export { TlsFileError } from '../pem-files.ts';
export { watchResets } from '../reset-watch.ts';
export { type ClientTls, checkServer, tlsConnectOptions } from './client-tls.ts';
export { speaksTls } from './probe.ts';
export { readClientTls } from './read-client-tls.ts';
export { TlsTickets } from './tickets.ts';
export { type TlsProblem, tlsProblem } from './tls-problem.ts';
