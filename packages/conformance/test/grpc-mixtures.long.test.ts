import { describeMixture, transportNames } from './mixtures.ts';

// The first client of a test is mostly the sender, the second the recipient, or the one that the
// message waits for; so each pair is taken both ways.
for (const first of transportNames) {
  for (const second of transportNames) if (first !== second) describeMixture(first, second);
}
