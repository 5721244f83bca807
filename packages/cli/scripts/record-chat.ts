// `pnpm chat:picture`: plays a chat in a real terminal, and writes what alice sees as a picture that
// moves: docs/images/chat.svg. Each frame of it is her screen, cell by cell.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { script } from '@tandem/command';
import { key, startChat } from '../test/chat-program.ts';
import { startChatServer } from '../test/chat-server.ts';
import type { Cell } from '../test/terminal-program.ts';

script('chat:picture', 'Write the picture of a chat, docs/images/chat.svg, anew.').parse();
const file = fileURLToPath(new URL('../../../docs/images/chat.svg', import.meta.url));
const [columns, rows] = [80, 20];
const frameS = 1.6;
const [cellWidth, cellHeight, fontSize, edge] = [8.4, 18, 14, 12];

const server = await startChatServer();
const bob = await server.friend('bob');
const carol = await server.friend('carol');
const environment = { TANDEM_TIME: 'on', TANDEM_STATUS: 'on', NO_COLOR: '' };
const alice = await startChat(server.port, { environment, columns, rows });
const frames = [alice.cells()];

/** Types a line, and goes on when the screen shows what follows it above the prompt. */
async function type(text: string, awaited: string): Promise<void> {
  alice.type(text);
  await alice.until((lines) => lines.at(-1)?.endsWith(text) === true);
  frames.push(alice.cells());
  alice.type(key.enter);
  await see(awaited);
}

async function see(awaited: string): Promise<void> {
  await alice.until(
    (lines) => lines.join(' ').includes(awaited) && lines.at(-1)?.endsWith('>') === true,
  );
  frames.push(alice.cells());
}

await type('register alice', 'registered alice');
await type('login alice', 'logged in as alice');
await type('search *', '3 users match');
await bob.send('alice', 'are you there?');
await see('are you there?');
await type('to bob', 'your lines go to bob');
await type('yes, I am. Eight, at the usual place?', 'delivered to bob');
await carol.send('alice', 'and me?');
await see('and me?');
await bob.send('alice', 'fine, and do not forget the tickets');
await see('tickets');
await type('/history carol', '-- ');
alice.type(key.endOfInput);
await alice.exited;
await server.stop();
writeFileSync(file, picture());

/** Returns the frames as one SVG: one after another, again and again, or the last where nothing moves. */
function picture(): string {
  const width = columns * cellWidth + 2 * edge;
  const height = rows * cellHeight + 2 * edge;
  const durationS = frames.length * frameS;
  const percent = (index: number) => `${((index * 100) / frames.length).toFixed(3)}%`;
  const shows = frames.map((_, index) => {
    const after = index === frames.length - 1 ? '' : `${percent(index + 1)}{visibility:hidden}`;
    return `@keyframes f${index}{0%{visibility:${index === 0 ? 'visible' : 'hidden'}}${percent(index)}{visibility:visible}${after}}#f${index}{animation:f${index} ${durationS}s step-end infinite}`;
  });
  const style = [
    'svg{background:#fff}text{fill:#1c1c1c;white-space:pre}rect{fill:#1c1c1c}.i{fill:#fff}.d{opacity:.6}.b{font-weight:bold}',
    `g{visibility:hidden}#f${frames.length - 1}{visibility:visible}`,
    '@media(prefers-color-scheme:dark){svg{background:#121212}text,rect{fill:#e4e4e4}.i{fill:#121212}}',
    `@media(prefers-reduced-motion:no-preference){${shows.join('')}}`,
  ].join('\n');
  const groups = frames.map(
    (cells, index) => `<g id="f${index}">${cells.map(rowPicture).join('')}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace,Menlo,Consolas,monospace" font-size="${fontSize}" role="img" aria-label="A chat in a terminal: alice registers, logs in, searches, and talks with bob">
<style>${style}</style>
${groups.join('\n')}
</svg>
`;
}

/** A row of cells: one text for each run that looks the same. */
function rowPicture(cells: readonly Cell[], row: number): string {
  const y = edge + row * cellHeight;
  let picture = '';
  for (let from = 0; from < cells.length; ) {
    const look = lookOf(cells[from] as Cell);
    let to = from;
    while (to < cells.length && lookOf(cells[to] as Cell) === look) to++;
    const run = cells.slice(from, to);
    const text = run.map(({ text }) => text).join('');
    const x = (edge + from * cellWidth).toFixed(1);
    const length = (text.length * cellWidth).toFixed(1);
    if (run[0]?.inverse) {
      picture += `<rect x="${x}" y="${y}" width="${length}" height="${cellHeight}"/>`;
    }
    if (text.trim() !== '') {
      picture += `<text x="${x}" y="${y + cellHeight - 5}" textLength="${length}"${look}>${escaped(text)}</text>`;
    }
    from = to;
  }
  return picture;
}

function lookOf({ bold, dim, inverse, color }: Cell): string {
  const classes = [bold && 'b', dim && 'd', inverse && 'i'].filter(Boolean).join(' ');
  const fill = color === undefined ? '' : ` style="fill:${rgb(color)}"`;
  return `${classes && ` class="${classes}"`}${fill}`;
}

/** A colour of 256 as CSS: of its first 16, as xterm shows them, and of its cube. */
function rgb(color: number): string {
  const named = [
    '#000',
    '#cd0000',
    '#008700',
    '#af8700',
    '#0000ee',
    '#cd00cd',
    '#008787',
    '#767676',
  ];
  if (color < 16) return named[color % 8] as string;
  const levels = [0, 95, 135, 175, 215, 255];
  const index = color - 16;
  const parts = [Math.floor(index / 36), Math.floor(index / 6) % 6, index % 6];
  return `rgb(${parts.map((part) => levels[part]).join(',')})`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
