import { StoreError } from '@tandem/chat';
import { expect, it } from 'vitest';
import { explainStoreError } from './store-error.ts';

it('says what to do by the command that met the error', () => {
  const exists = new StoreError('exists', '/data/tandem.db exists already');
  expect(explainStoreError(exists, 'restore')).toBe(
    '/data/tandem.db exists already; choose another --data-dir, or add --force to replace it.',
  );
  expect(explainStoreError(exists, 'backup')).toContain('choose another name, or add --force');
  const full = new StoreError('full', 'no space is left for /backup.db');
  expect(explainStoreError(full, 'serve')).toContain('raise --data-bytes-max');
  expect(explainStoreError(full, 'backup')).toBe(
    'No space is left for /backup.db; make space, and try again.',
  );
});

it('leaves errors alone that are none of a store', () => {
  expect(explainStoreError(new Error('out of luck'), 'check')).toBeUndefined();
});
