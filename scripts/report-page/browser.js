// Drives a headless Chromium over the Chrome DevTools Protocol, with nothing but a WebSocket.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'undici';

/** A tab of a browser of its own; everything that the page says or asks for is collected. */
export class Browser {
  #child;
  #directory;
  #socket;
  #waiting = new Map();
  #next = 0;
  #session = '';
  /** What the page wrote to its console, what it threw, what its policy refused. */
  complaints = /** @type {string[]} */ ([]);
  /** Addresses that the page asked for. */
  requests = /** @type {string[]} */ ([]);

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} directory
   * @param {WebSocket} socket
   */
  constructor(child, directory, socket) {
    this.#child = child;
    this.#directory = directory;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data))));
  }

  static async start({ width = 1400, height = 1000 } = {}) {
    const directory = mkdtempSync(join(tmpdir(), 'oslim-page-'));
    const flags = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-port=0',
      '--no-first-run',
    ];
    const child = spawn(
      'chromium',
      [...flags, `--window-size=${width},${height}`, `--user-data-dir=${directory}`, 'about:blank'],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const socket = new WebSocket(await addressOf(child));
    await once(socket, 'open');
    const browser = new Browser(child, directory, socket);
    const { targetInfos } = await browser.send('Target.getTargets');
    const tab = targetInfos.find((/** @type {{ type: string }} */ { type }) => type === 'page');
    const { sessionId } = await browser.send('Target.attachToTarget', {
      targetId: tab.targetId,
      flatten: true,
    });
    browser.#session = sessionId;
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await browser.send(`${domain}.enable`);
    await browser.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    return browser;
  }

  /**
   * @param {string} method
   * @param {object} [params]
   * @returns {Promise<any>}
   */
  send(method, params = {}) {
    const id = ++this.#next;
    const message = { id, method, params, ...(this.#session === '' ? {} : { sessionId: this.#session }) };
    this.#socket.send(JSON.stringify(message));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, method }));
  }

  /** Returns the value of an expression in the page. @param {string} expression */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined)
      throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result.value;
  }

  /** Waits until an expression is true. @param {string} expression */
  async until(expression, timeoutMs = 60_000) {
    for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
      if (await this.evaluate(expression)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`not in ${timeoutMs} ms: ${expression}`);
  }

  /** Clicks in the middle of the element that a selector finds first. @param {string} selector */
  async click(selector) {
    const box = await this.evaluate(
      `(() => { const e = document.querySelector(${JSON.stringify(selector)}); e.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = e.getBoundingClientRect(); return { x: x + width / 2, y: y + height / 2 }; })()`,
    );
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.send('Input.dispatchMouseEvent', { type, ...box, button: 'left', clickCount: 1 });
  }

  /** @param {string} key */
  async press(key) {
    const codes = /** @type {Record<string, number>} */ ({
      Enter: 13,
      Escape: 27,
      ArrowRight: 39,
      ArrowDown: 40,
    });
    const windowsVirtualKeyCode = codes[key] ?? key.toUpperCase().charCodeAt(0);
    const text = key.length === 1 ? { text: key } : {};
    for (const type of ['keyDown', 'keyUp'])
      await this.send('Input.dispatchKeyEvent', {
        type,
        key,
        windowsVirtualKeyCode,
        ...(type === 'keyDown' ? text : {}),
      });
  }

  async close() {
    this.#socket.close();
    this.#child.kill();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  /** @param {any} message */
  #take({ id, result, error, method, params }) {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(`${waiting.method}: ${error.message}`));
    } else if (method === 'Runtime.consoleAPICalled')
      this.complaints.push(
        params.args.map((/** @type {{ value: unknown }} */ { value }) => String(value)).join(' '),
      );
    else if (method === 'Runtime.exceptionThrown')
      this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    else if (method === 'Log.entryAdded') this.complaints.push(params.entry.text);
    else if (method === 'Network.requestWillBeSent') this.requests.push(params.request.url);
  }
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<string>} */
async function addressOf(child) {
  if (child.stderr === null) throw new Error('chromium has no stderr');
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stderr.resume();
    return address;
  }
  throw new Error('chromium ended before it listened');
}
