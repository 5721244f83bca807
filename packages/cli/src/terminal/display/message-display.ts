import type { Settings } from '../commands/setting.ts';
import type { ChatConsole } from '../console/chat-console.ts';
import type { Entry } from '../state/state.ts';
import { dayOf, type Look, renderDay, renderEntry } from './render.ts';

/** The most messages that are shown in a second. Nobody reads more, and a terminal is not held up. */
const messagesPerSecondMax = 1_000;

/** The time without a message after which a burst is over, in milliseconds. */
const burstEndMs = 250;

/** The shortest time from one bell to the next, in milliseconds. */
const bellPauseMs = 1_000;

/** The parts that a display needs. */
export interface MessageDisplayOptions {
  readonly console: ChatConsole;
  readonly look: Look;
  /** Returns the settings as they are now. */
  readonly settings: () => Settings;
  /** Shows the prompt again, after text that comes without an event. */
  readonly refresh: () => void;
}

/** Shows entries on a console: with the day where it changes, a bell, and no more of a burst than a screen takes. */
export class MessageDisplay {
  readonly #options: MessageDisplayOptions;
  readonly #budget = new ScreenBudget();
  #skipping: NodeJS.Timeout | undefined;
  /** The day of the message that was shown last. */
  #day = dayOf(new Date());
  #bellRungAtMs = 0;

  constructor(options: MessageDisplayOptions) {
    this.#options = options;
  }

  /** The look of the terminal as the settings have it now. */
  get look(): Look {
    const { look, console, settings } = this.#options;
    const { color, time, status } = settings();
    return {
      ...look,
      columns: console.columns,
      color: color === 'auto' ? look.color : color === 'always' && look.terminal,
      time: look.terminal && time === 'on',
      status: status === 'on' ? look.status : undefined,
    };
  }

  /** Shows an entry above the line that is being typed. */
  print(entry: Entry): void {
    const { console } = this.#options;
    const at = new Date();
    const { look } = this;
    if (look.json) {
      console.print(look.json.render(entry, at), false);
      return;
    }
    if (look.terminal && entry.kind === 'message') {
      if (!this.#budget.admits(at.getTime())) {
        this.#tellSkipped();
        return;
      }
      if (look.time && dayOf(at) !== this.#day) console.print(renderDay(at, look), false);
      this.#day = dayOf(at);
    }
    const bell = entry.kind === 'message' && this.#rings(at.getTime()) ? '\x07' : '';
    console.print(bell + renderEntry(entry, look, at), entry.kind === 'refused');
  }

  /** Tells nothing more of a burst. */
  close(): void {
    clearTimeout(this.#skipping);
  }

  /** Says how many messages of a burst were not shown, once it is over. */
  #tellSkipped(): void {
    clearTimeout(this.#skipping);
    this.#skipping = setTimeout(() => {
      const text = `${this.#budget.takeSkipped()} messages came too fast to be shown; "history" has them`;
      this.print({ kind: 'said', text });
      this.#options.refresh();
    }, burstEndMs);
  }

  #rings(atMs: number): boolean {
    const { look, settings } = this.#options;
    if (!look.terminal || settings().bell === 'off') return false;
    if (atMs - this.#bellRungAtMs < bellPauseMs) return false;
    this.#bellRungAtMs = atMs;
    return true;
  }
}

/** The messages of a burst that a screen shows, and the number of those that it does not. */
class ScreenBudget {
  #second = 0;
  #shown = 0;
  #skipped = 0;

  /** Tells if a message that came at this time, in milliseconds, is shown; counts it otherwise. */
  admits(atMs: number): boolean {
    const second = Math.floor(atMs / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#shown = 0;
    }
    if (this.#shown < messagesPerSecondMax) {
      this.#shown += 1;
      return true;
    }
    this.#skipped += 1;
    return false;
  }

  /** Returns the number of messages that were not shown since this was last asked. */
  takeSkipped(): number {
    const skipped = this.#skipped;
    this.#skipped = 0;
    return skipped;
  }
}
