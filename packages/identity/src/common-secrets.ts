import { dictionary } from '@zxcvbn-ts/language-common';

const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/**
 * Tells if a secret is among the passwords that people take most often, whatever its case: whoever guesses
 * tries these first. [NIST SP 800-63B, 5.1.1.2] [P-2.4]
 */
export function isCommonSecret(secret: string): boolean {
  return common.has(secret.toLowerCase());
}
