import { Session } from 'node:inspector';

/** BranchCoverage tells which blocks of some sources have run, by V8's precise coverage of this thread. */
export class BranchCoverage {
  #session = new Session();
  #pattern;
  /** Every block that V8 has told of, and whether it has run. @type {Map<string, boolean>} */
  #blocks = new Map();

  /** @param {RegExp} pattern of the sources' URLs, written for `.ts` or `.js` alike */
  constructor(pattern) {
    this.#pattern = pattern;
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Takes what has run since the last time, and returns whether a block is among it that had not before. */
  take() {
    let isNew = false;
    const { result } = this.#post('Profiler.takePreciseCoverage');
    for (const { url, functions } of result) {
      if (!this.#pattern.test(url)) continue;
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          const key = `${url}:${startOffset}:${endOffset}`;
          if (count > 0 && this.#blocks.get(key) !== true) {
            isNew = true;
            this.#blocks.set(key, true);
          } else if (!this.#blocks.has(key)) this.#blocks.set(key, false);
        }
      }
    }
    return isNew;
  }

  known() {
    return new Map(this.#blocks);
  }

  /** @param {Map<string, boolean>} known */
  restore(known) {
    this.#blocks = known;
  }

  /** Ends it, so that the rest runs at full speed. */
  end() {
    this.take();
    this.#post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
    const covered = [...this.#blocks.values()].filter(Boolean).length;
    return { covered, branches: this.#blocks.size };
  }

  /**
   * The inspector answers at once, in this thread.
   * @param {string} method
   * @param {object} [params]
   * @returns {any}
   */
  #post(method, params) {
    /** @type {any} */
    let answer;
    this.#session.post(method, params, (error, result) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer;
  }
}
