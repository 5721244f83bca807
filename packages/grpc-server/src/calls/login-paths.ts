import { loadMessageService } from '@tandem/protos';

const { Login, LoginWithSecret, Resume } = loadMessageService();

/**
 * The methods that begin a session. Their responses have messages, which count as taken when HTTP/2 has
 * accepted them, for clients that acknowledge nothing.
 */
export const loginPaths: ReadonlySet<string> = new Set([
  Login.path,
  LoginWithSecret.path,
  Resume.path,
]);
