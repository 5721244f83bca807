import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LineEditor } from './line-editor.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function terminal(columns: number) {
  const setRawMode = vi.fn();
  const input = Object.assign(new PassThrough(), { setRawMode }) as unknown as NodeJS.ReadStream;
  const output = Object.assign(new PassThrough(), { columns, isTTY: true });
  const editor = new LineEditor(input, output as unknown as NodeJS.WriteStream);
  const events: string[] = [];
  editor.start({
    onLine: (line) => events.push(`line ${line}`),
    onOverlong: () => events.push('overlong'),
    onEnd: () => events.push('end'),
    onInterrupt: () => events.push('interrupt'),
    onHangUp: (exitCode) => events.push(`hang-up ${exitCode}`),
    onPaste: (lines) => events.push(`paste ${JSON.stringify(lines)}`),
    complete: async () => [[], ''],
  });
  const written = () => String(output.read() ?? '');
  return { editor, input: input as unknown as PassThrough, output, events, written, setRawMode };
}

function paste(text: string): string {
  return `\x1b[200~${text}\x1b[201~`;
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

  it.each([
    ['one', []],
    ['one\n', ['line to one']],
    ['one\ntwo', ['paste ["to one","two"]']],
    ['one\r\ntwo\n', ['paste ["to one","two"]']],
    ['one\ntwo\rthree', ['paste ["to one","two","three"]']],
    ['\x0bone\ntwo', ['paste ["to \u240bone","two"]']],
  ])('sends no line of a paste of several unasked: %j', (pasted, expected) => {
    const { editor, input, events } = terminal(40);
    editor.refresh({ prompt: '> ', wantsLine: true });
    input.write(`to ${paste(pasted)}`);
    expect(events).toEqual(expected);
    editor.close();
  });

  it('takes the rows of a line off the screen when a paste goes on from it', () => {
    const { editor, input, written } = terminal(20);
    editor.refresh({ prompt: '> ', wantsLine: true });
    input.write('x'.repeat(50));
    written();
    input.write(paste('one\ntwo'));
    // 52 columns: the cursor is two rows down.
    expect(written()).toContain('\x1b[2A');
    editor.close();
  });

  it('ends a search with Ctrl-C, and leaves with the next one alone', () => {
    const { editor, input, events } = terminal(40);
    editor.refresh({ prompt: '> ', wantsLine: true });
    input.write('\x12');
    input.write('\x03');
    expect(events).toEqual([]);
    input.write('\x03');
    expect(events).toEqual(['interrupt']);
    editor.close();
  });

  it.each([
    ['brings back', true, 'line half'],
    ['drops', false, 'line '],
  ])('%s what was half typed before a secret was asked for (%s)', (_, keepsLine, expected) => {
    const { editor, input, events } = terminal(40);
    editor.refresh({ prompt: '> ', wantsLine: true });
    input.write('half');
    editor.refresh({ prompt: 'secret: ', wantsLine: true, hidden: true, keepsLine });
    input.write('horse');
    input.write('\r');
    editor.refresh({ prompt: '> ', wantsLine: true });
    input.write('\r');
    expect(events).toEqual(['line horse', expected]);
    editor.close();
  });

  it('takes its terminal back where Ctrl-Z stops nothing, and once more when it goes on', () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    const { editor, input, setRawMode, written } = terminal(40);
    const listeners = process.listenerCount('SIGCONT');
    editor.refresh({ prompt: '> ', wantsLine: true });
    for (const _ of ['once', 'twice']) {
      written();
      input.write('\x1a');
      expect(kill).toHaveBeenLastCalledWith(0, 'SIGTSTP');
      expect(setRawMode).toHaveBeenLastCalledWith(false);
      vi.runAllTimers();
      expect(setRawMode).toHaveBeenLastCalledWith(true);
      expect(written()).toContain('\x1b[?2004h');
    }
    expect(process.listenerCount('SIGCONT')).toBe(listeners + 1);
    process.emit('SIGCONT');
    expect(written()).toContain('> ');
    expect(process.listenerCount('SIGCONT')).toBe(listeners);
    editor.close();
  });

  it('says that the input ended, once', () => {
    const { editor, input, events } = terminal(40);
    editor.refresh({ prompt: '> ', wantsLine: true });
    input.write('\x04');
    editor.close();
    expect(events).toEqual(['end']);
  });
});
