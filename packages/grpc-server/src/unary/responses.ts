import type { Status } from '@tandem/core';
import type { ResumableResponse, StatusCodeResponse } from '@tandem/protos';
import { type CallError, tooBusyUntil } from '../calls/refusal.ts';

/** Ends a call with an error from within its handler. */
export class RefusedCall extends Error {
  readonly error: CallError;

  constructor(error: CallError) {
    super(error.details);
    this.error = error;
  }
}

/** Returns the response of a login, or of a change of the secret, without fields that a client of 2023 would have to skip. */
export function resumableResponse({
  status,
  token,
  retryAfterS,
}: {
  readonly status: Status;
  readonly token?: string | undefined;
  readonly retryAfterS?: number;
}): ResumableResponse {
  return {
    statusCode: status,
    ...(token === undefined ? {} : { resumeToken: token }),
    ...(retryAfterS === undefined ? {} : { retryAfterSeconds: retryAfterS }),
  };
}

/** Returns the response of an outcome without content. Throws the refusal that says when to come again. */
export function shortResponse({
  status,
  retryAfterS,
}: {
  readonly status: Status;
  readonly retryAfterS?: number;
}): StatusCodeResponse {
  if (retryAfterS !== undefined) throw new RefusedCall(tooBusyUntil(retryAfterS));
  return statusResponse(status);
}

/** Returns the response that is a status alone. */
export function statusResponse(status: Status): StatusCodeResponse {
  return { statusCode: status };
}
