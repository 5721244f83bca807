import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that nobody may see, by what it is. */
export interface Hidden {
  readonly what: string;
  readonly bytes: Buffer;
}

/** The text of a secret or token, and for a token the bytes that it stands for. */
export function hiddenOf(what: string, text: string): Hidden[] {
  const random = /^[\w-]{43}$/.test(text) ? [Buffer.from(text, 'base64url')] : [];
  return [Buffer.from(text), ...random].map((bytes) => ({ what, bytes }));
}

/** Names what of these appears in some bytes: as it is, in hexadecimal, or in base64 of whatever it stands in. */
export function appearances(hidden: readonly Hidden[], seen: Buffer): string[] {
  const text = seen.toString('latin1');
  const folded = text.toLowerCase();
  // PEM breaks base64 into lines, which JSON writes as letters.
  const joined = text.replace(/\s|\\[rn]/g, '');
  return hidden.flatMap(({ what, bytes }) => {
    const found = [
      ...(seen.includes(bytes) ? ['as it is'] : []),
      ...(folded.includes(bytes.toString('hex')) ? ['in hexadecimal'] : []),
      ...(base64Of(bytes).some((part) => joined.includes(part)) ? ['in base64'] : []),
    ];
    return found.map((how) => `${what} ${how}`);
  });
}

/** The characters that these bytes alone decide, at each of the three places that they can begin at. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const from = Math.ceil((before * 8) / 6);
    const through = Math.floor(((before + bytes.length) * 8) / 6);
    const sure = text.slice(from, through);
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Reads each file in a directory; sockets have nothing to read. */
export function filesIn(directory: string): [name: string, content: Buffer][] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path)]);
}

/** Returns what the system shows of a process: its arguments and its variables; nothing of one that has ended. */
export function shownOf(pid: number | string): [name: string, content: Buffer][] {
  return ['cmdline', 'environ'].flatMap((name) => {
    try {
      const shown: [string, Buffer] = [`${name} of ${pid}`, readFileSync(`/proc/${pid}/${name}`)];
      return [shown];
    } catch {
      return [];
    }
  });
}

/** Returns what the system shows of all processes, as `ps -eww` and `ps e` do. */
export function shownOfAll(): [name: string, content: Buffer][] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(shownOf);
}
