/** The secrets of TLS connections, as Node.js logs them: a label, a client random, a secret a line. */
export class KeyLog {
  readonly #secrets = new Map<string, Buffer>();

  /** Adds the lines of a `keylog` event. */
  add(line: Buffer): void {
    const [label = '', clientRandom = '', secret = ''] = line.toString('latin1').trim().split(' ');
    this.#secrets.set(`${clientRandom} ${label}`, Buffer.from(secret, 'hex'));
  }

  /** The log in the format of a file (SSLKEYLOGFILE, RFC 9850). */
  get text(): string {
    const lines = [...this.#secrets].map(([key, secret]) => {
      const [clientRandom, label] = key.split(' ');
      return `${label} ${clientRandom} ${secret.toString('hex')}\n`;
    });
    return lines.join('');
  }

  /** @param clientRandom in hex */
  secret(clientRandom: string, label: string): Buffer | undefined {
    return this.#secrets.get(`${clientRandom} ${label}`);
  }
}
