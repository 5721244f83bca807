export { TlsFileError } from '../pem-files.ts';
export { tlsPolicy } from '../policy.ts';
export { ResetWatch } from '../reset-watch.ts';
export type { Arrival, SecureFrontOptions } from './arrival.ts';
export type { Credentials, TlsFiles } from './credentials.ts';
export { busyOverTls, isHandshake, speaksTlsAlone, tlsDetails } from './first-bytes.ts';
export type { HandshakeFailureKind } from './handshake-counts.ts';
export { SecureFront } from './secure-front.ts';
export {
  type ClientCertificates,
  ServerTls,
  type ServerTlsOptions,
  type TlsLimits,
} from './server-tls.ts';
