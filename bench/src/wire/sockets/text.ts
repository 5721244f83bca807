import type { Account } from '../dissector.ts';

const separators = /[|\n]/g;

/** Accounts for the content of a frame of either socket dialect. [P-3.1, P-3.2] */
export function accountText(text: string, account: Account): void {
  const separatorBytes = text.match(separators)?.length ?? 0;
  account('separators', separatorBytes);
  account('content', text.length - separatorBytes);
}
