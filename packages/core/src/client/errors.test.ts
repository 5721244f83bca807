import { expect, it } from 'vitest';
import { ChatError } from './errors.ts';

it('carries a code for programs and the cause', () => {
  const cause = new Error('ECONNREFUSED');
  const error = new ChatError('connect-failed', 'nobody listens there', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'ChatError', code: 'connect-failed', cause });
});
