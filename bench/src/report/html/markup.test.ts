import { describe, expect, it } from 'vitest';
import { html, prose } from './markup.ts';

describe('markup', () => {
  it('escapes what is put into it, in text and in attributes', () => {
    const hostile = `<b title="x">&'`;
    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
      '<p title="&lt;b title=&quot;x&quot;&gt;&amp;&#39;">&lt;b title=&quot;x&quot;&gt;&amp;&#39;</p>',
    );
  });

  it('takes markup as it is, alone and in lists', () => {
    const item = html`<li>${'<'}</li>`;
    expect(html`<ul>${[item, [item]]}</ul>`.text).toBe('<ul><li>&lt;</li><li>&lt;</li></ul>');
  });

  it('leaves no trace of what is not there, but keeps 0 and the empty text', () => {
    expect(html`[${undefined}${false}${0}${''}]`.text).toBe('[0]');
  });

  it('sets what stands between backticks as code, escaped too', () => {
    expect(prose('a `b<` c').text).toBe('a <code>b&lt;</code> c');
    expect(prose('a lone ` stays').text).toBe('a lone ` stays');
  });
});
