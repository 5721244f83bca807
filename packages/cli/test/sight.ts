import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { appearances, type Hidden, hiddenOf, shownOf } from './appearances.ts';

/** All that anybody may see, and what nobody may. */
export class Sight {
  readonly hidden: Hidden[] = [];
  readonly #seen: (readonly [where: string, content: Buffer])[] = [];

  /** Notes something that anybody may see: bytes, or a value as Node.js prints it. */
  see(where: string, content: unknown): void {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(inspect(content, { depth: 9 }));
    this.#seen.push([where, bytes]);
  }

  /** Notes each of some things that anybody may see. */
  seeAll(seen: readonly (readonly [name: string, content: Buffer])[], when = ''): void {
    for (const [name, content] of seen) this.see(name + when, content);
  }

  /** Notes a text that nobody may see. */
  hide(what: string, text: string | undefined): void {
    if (text !== undefined) this.hidden.push(...hiddenOf(what, text));
  }

  /** Notes a private key that nobody may see, in PEM. */
  hideKey(what: string, pem: string): void {
    this.hide(what, createPrivateKey(pem).export({ format: 'jwk' }).d);
  }

  /** The text that was seen and should not have been. */
  get found(): string[] {
    return this.#seen.flatMap(([where, content]) =>
      appearances(this.hidden, content).map((found) => `${where}: ${found}`),
    );
  }

  /**
   * Runs a program of Node.js to its end, and returns all that it wrote. Notes what the system shows of it
   * when it begins, and when it first writes.
   */
  async run(line: readonly string[], input = ''): Promise<Buffer> {
    const child = spawn(process.execPath, line);
    const look = () => this.seeAll(shownOf(child.pid ?? 0));
    look();
    child.stdout.once('data', look);
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const ended = once(child, 'close');
    const written = await Promise.all([buffer(child.stdout), buffer(child.stderr)]);
    await ended;
    return Buffer.concat(written);
  }
}
