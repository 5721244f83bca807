import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LineEditor } from './line-editor.ts';

function terminal(columns: number) {
  const input = new PassThrough() as unknown as NodeJS.ReadStream;
  const output = Object.assign(new PassThrough(), { columns, isTTY: true });
  const editor = new LineEditor(input, output as unknown as NodeJS.WriteStream);
  const events: string[] = [];
  editor.start({
    onLine: (line) => events.push(`line ${line}`),
    onOverlong: () => events.push('overlong'),
    onEnd: () => events.push('end'),
    onInterrupt: () => events.push('interrupt'),
    onHangUp: (exitCode) => events.push(`hang-up ${exitCode}`),
    complete: async () => [[], ''],
  });
  const written = () => String(output.read() ?? '');
  return { editor, input: input as unknown as PassThrough, output, events, written };
}

describe('LineEditor', () => {
  it('goes up no further than the line reaches in a terminal that became wider', () => {
    const { editor, input, output, written } = terminal(20);
    editor.refresh({ prompt: '> ', wantsLine: true });
    input.write('x'.repeat(70));
    written();
    output.columns = 40;
    output.emit('resize');
    // 72 columns: three rows down in a terminal of 20, one in a terminal of 40.
    expect(written().startsWith('\x1b[1A')).toBe(true);
    editor.close();
  });

  it('goes up no further than the line did in a terminal that became narrower', () => {
    const { editor, input, output, written } = terminal(40);
    editor.refresh({ prompt: '> ', wantsLine: true });
    input.write('x'.repeat(70));
    written();
    output.columns = 20;
    output.emit('resize');
    expect(written().startsWith('\x1b[1A')).toBe(true);
    editor.close();
  });

  it('draws the line once for all that is shown in a turn', async () => {
    const { editor, written } = terminal(40);
    editor.refresh({ prompt: '> ', wantsLine: true });
    written();
    for (const line of ['one\n', 'two\n']) {
      editor.print(line);
      editor.refresh({ prompt: '> ', wantsLine: true });
    }
    await new Promise((resolve) => setImmediate(resolve));
    const text = written();
    expect(text).toContain('one\ntwo\n');
    expect(text.split('> ')).toHaveLength(2);
    editor.close();
  });

  it('survives a terminal that hangs up, before and after it is closed', () => {
    const { editor, input, output, events } = terminal(40);
    input.emit('error', new Error('read EIO'));
    editor.close();
    input.emit('error', new Error('setRawMode EIO'));
    output.emit('error', new Error('write EIO'));
    expect(events[0]).toBe('hang-up 129');
  });

  it('leaves a half-typed line readable when it closes, and prints below it', () => {
    const { editor, input, written } = terminal(40);
    editor.refresh({ prompt: '> ', wantsLine: true });
    input.write('half a line');
    written();
    editor.close();
    editor.print('done\n');
    expect(written()).toBe('\x1b[?2004l\r\ndone\n');
  });

  it('puts no control character into a line, whatever key was pressed', async () => {
    const { editor, input, events } = terminal(40);
    editor.refresh({ prompt: '> ', wantsLine: true });
    input.write('quit\x00\x1c\x1d\x07');
    input.write('\r');
    editor.close();
    expect(events).toEqual(['line quit']);
  });

  it('says that the input ended, once', () => {
    const { editor, input, events } = terminal(40);
    editor.refresh({ prompt: '> ', wantsLine: true });
    input.write('\x04');
    editor.close();
    expect(events).toEqual(['end']);
  });
});
