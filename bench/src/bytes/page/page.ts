import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { standaloneDocument } from '../../report/html/document.ts';
import { html, Markup, prose } from '../../report/html/markup.ts';
import { type Recording, readingHelp, walk } from '../index.ts';
import { pageData } from './data.ts';

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const script = read('explorer.js');
const explorerStyle = new Markup(read('explorer.css'));
const scriptHash = createHash('sha256').update(script).digest('base64');

/**
 * The recorded operations as one page that stands alone: every byte of them can be looked at. It has a
 * script of its own, and fetches nothing.
 */
export function renderWirePage(recordings: readonly Recording[]): string {
  const shown = chatsOf(recordings);
  // In a script element only `<` could end it.
  const data = JSON.stringify(pageData(shown)).replaceAll('<', '\\u003c');
  const steps = walk(shown);
  const body = html`<main>
<p class="kicker">Tandem, one chat service over two wires</p>
<h1>Every byte on the wire</h1>
<p>What client and server really send for one operation, side by side. Select a run of bytes, or a line below it: what it means, its layer and where it is defined stand in the box. The letter before a run is its layer.</p>
<details class="help"><summary>What calls, frames, HPACK and tags are</summary><dl>${readingHelp.map(
    ({ about, text }) => html`<dt>${about}</dt><dd>${prose(text)}</dd>`,
  )}</dl><p>docs/WIRE.md in Tandem’s repository goes through a send line by line, and draws who says what when.</p></details>
<form aria-label="What is shown">
<label>Operation <select name="operation"></select></label>
<label>Call <select name="call"></select></label>
<label>Left <select name="left"></select></label>
<label>Right <select name="right"></select></label>
<label class="tls"><input type="checkbox" name="tls"> over TLS 1.3, bytes as they cross: sealed</label>
</form>
<noscript><p class="banner warns">This page needs JavaScript to show bytes. docs/WIRE.md has a send without it.</p></noscript>
${
  steps.length > 0 &&
  html`<details class="walk" open><summary>Why a later send takes what it takes: five minutes</summary><ol>${steps.map(
    ({ layers, lane, text }) =>
      html`<li><button type="button" data-show="${layers.join(' ')}" data-lane="${lane}">show</button> ${text}</li>`,
  )}</ol></details>`
}
<div class="wires"></div>
<aside aria-live="polite" aria-label="What is selected"><p>Nothing is selected. Arrow keys go from run to run, and from line to line.</p></aside>
</main>
<script type="application/json" id="data">${new Markup(data)}</script>
<script>${new Markup(script)}</script>`;
  return standaloneDocument({
    title: 'Tandem: every byte on the wire',
    body,
    ownStyle: explorerStyle,
    className: 'explorer',
    scriptHash,
  });
}

/** The recordings of lanes with a chat, if there are any: of an echo there is little to explain. */
function chatsOf(recordings: readonly Recording[]): readonly Recording[] {
  const registers = recordings.filter(({ operation }) => operation === 'register');
  const lanes = new Set(registers.map(({ lane }) => lane));
  return lanes.size === 0 ? recordings : recordings.filter(({ lane }) => lanes.has(lane));
}
