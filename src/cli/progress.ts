import { formatBytes, type ProgressEvent, printable } from '../index.ts';

const REDRAW_MS = 100;

const VERBS: Readonly<Record<ProgressEvent['phase'], string>> = {
  open: 'opening',
  read: 'reading',
  trace: 'tracing',
  write: 'writing',
  check: 'checking',
};

/** Progress draws one line on a terminal and redraws it in place; `clear` removes it. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #phase: string | undefined;
  #phaseStart = 0;
  #drawn = 0;
  #visible = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  readonly report = (event: ProgressEvent): void => {
    const now = performance.now();
    if (event.phase !== this.#phase) {
      this.#phase = event.phase;
      this.#phaseStart = now;
    } else if (now - this.#drawn < REDRAW_MS) {
      return;
    }
    this.#drawn = now;
    const text = this.#text(event, (now - this.#phaseStart) / 1000);
    this.#stream.write(`\r\u001b[K${text.slice(0, Math.max(20, (this.#stream.columns ?? 80) - 1))}`);
    this.#visible = true;
  };

  clear(): void {
    if (this.#visible) this.#stream.write('\r\u001b[K');
    this.#visible = false;
  }

  #text(event: ProgressEvent, seconds: number): string {
    const parts = [VERBS[event.phase]];
    if (event.subject !== undefined) parts.push(printable(event.subject));
    if (event.done !== undefined) {
      const total = event.total === undefined ? '' : ` of ${formatBytes(event.total)}`;
      parts.push(`${formatBytes(event.done)}${total}`);
      if (seconds > 0.3) parts.push(`${formatBytes(event.done / seconds)}/s`);
    }
    return parts.join(' ');
  }
}
