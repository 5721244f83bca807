import { expect, it, test } from 'vitest';
import { released } from './changelog.ts';

const release = { version: '0.2.0', earlier: '0.1.9', today: '2026-11-27' };
const changelog =
  '# Changelog\n\n## Unreleased\n\n- Something new.\n\n## 0.1.9 (2026-01-01)\n\n- Old.\n';

it('gives what is unreleased a version and a date, and begins anew', () => {
  expect(released(changelog, release)).toBe(
    '# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-11-27)\n\n- Something new.\n\n## 0.1.9 (2026-01-01)\n\n- Old.\n',
  );
});

it('makes the first release, too', () => {
  const first = '# Changelog\n\n## Unreleased\n\n- Something new.\n';
  expect(released(first, release)).toContain('## 0.2.0 (2026-11-27)\n\n- Something new.\n');
});

test.each(['0.1.9', '0.1.8', '0.0.99'])('refuses %s, which is no later version', (version) => {
  expect(() => released(changelog, { ...release, version })).toThrow('Name a later version');
});

test.each(['', '1', '1.2', 'v1.2.3', '01.2.3', '1.2.3-rc'])(
  'refuses "%s", which is no version',
  (version) => {
    expect(() => released(changelog, { ...release, version })).toThrow('is no version');
  },
);

test.each(['# Changelog\n', '# Changelog\n\n## Unreleased\n\n## 0.1.9 (2026-01-01)\n\n- Old.\n'])(
  'refuses to release nothing',
  (nothing) => {
    expect(() => released(nothing, release)).toThrow('Nothing is unreleased');
  },
);
