import { Session } from 'node:inspector/promises';

/** Which blocks of the code under test have run, by V8's own count. */
export class Coverage {
  readonly #session = new Session();
  readonly #code: RegExp;

  /** @param code - path of the scripts that count. */
  constructor(code: RegExp) {
    this.#code = code;
  }

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** The blocks that ran since the last call. */
  async take(): Promise<Set<string>> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const blocks = new Set<string>();
    for (const script of result.filter(({ url }) => this.#code.test(url))) {
      for (const { ranges } of script.functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          if (count > 0) blocks.add(`${script.scriptId} ${startOffset} ${endOffset}`);
        }
      }
    }
    return blocks;
  }

  stop(): void {
    this.#session.disconnect();
  }
}
