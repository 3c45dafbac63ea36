/** `dicomwire echo`: C-ECHO, once or many times on one association. PS3.4 Annex A. */
import { type Client, connect } from '@dicomwire/services';
import type { ConnectionOptions } from './connection-options.js';
import { EXIT_FAILED, EXIT_OK } from './exit-code.js';
import { watchForInterruption } from './interruption.js';
import { complain, say, sayJson } from './output.js';
import { peerOptions } from './peer-options.js';
import { durationInWords } from './quantities.js';

/** Options of the command. */
export interface EchoOptions extends ConnectionOptions {
  /** How many C-ECHOs. */
  readonly repeat: number;
}

/** Runs the command. Resolves to its exit code. */
export async function echo(host: string, port: number, options: EchoOptions): Promise<number> {
  const interruption = watchForInterruption();
  const statistics = new EchoStatistics();
  const isJson = options.json === true;
  try {
    const startedAt = performance.now();
    const client = await connect({ ...peerOptions(host, port, options), signal: interruption.signal });
    statistics.connectMs = performance.now() - startedAt;
    if (options.verbose) process.stderr.write(`associated with ${options.called} at ${host}:${port}\n`);
    try {
      await echoRepeatedly(client, options, statistics);
    } finally {
      await client.release();
    }
  } catch (error) {
    if (interruption.exitCode === undefined) complain(error, isJson);
    else process.stderr.write('dicomwire: interrupted\n');
    const exitCode = interruption.exitCode ?? EXIT_FAILED;
    if (isJson) sayJson(statistics.summary(exitCode));
    return exitCode;
  } finally {
    interruption.ignore();
  }
  if (isJson) sayJson(statistics.summary(EXIT_OK));
  else say(statistics.inWords(`${options.called} at ${host}:${port}`));
  return EXIT_OK;
}

async function echoRepeatedly(client: Client, options: EchoOptions, statistics: EchoStatistics): Promise<void> {
  for (let sequence = 1; sequence <= options.repeat; sequence++) {
    const sentAt = performance.now();
    await client.verify();
    const milliseconds = performance.now() - sentAt;
    statistics.add(milliseconds);
    if (options.json) sayJson({ type: 'echo', sequence, status: 0, milliseconds: rounded(milliseconds) });
    else if (options.verbose) say(`echo ${sequence}: Success, ${durationInWords(milliseconds)}`);
  }
}

/** Times of the echoes, without keeping each of them. */
class EchoStatistics {
  connectMs = 0;
  #answered = 0;
  #totalMs = 0;
  #minimumMs = Number.POSITIVE_INFINITY;
  #maximumMs = 0;

  add(milliseconds: number): void {
    this.#answered++;
    this.#totalMs += milliseconds;
    this.#minimumMs = Math.min(this.#minimumMs, milliseconds);
    this.#maximumMs = Math.max(this.#maximumMs, milliseconds);
  }

  inWords(peer: string): string {
    if (this.#answered === 1) return `${peer} answers: Success, ${durationInWords(this.#totalMs)}`;
    const [mean, fastest, slowest] = [this.#mean, this.#minimumMs, this.#maximumMs].map(durationInWords);
    const total = durationInWords(this.#totalMs);
    return `${peer} answers: ${this.#answered} echoes in ${total} (mean ${mean}, fastest ${fastest}, slowest ${slowest})`;
  }

  summary(exitCode: number) {
    return {
      type: 'summary',
      answered: this.#answered,
      connectMilliseconds: rounded(this.connectMs),
      milliseconds: rounded(this.#totalMs),
      meanMilliseconds: this.#answered === 0 ? null : rounded(this.#mean),
      minimumMilliseconds: this.#answered === 0 ? null : rounded(this.#minimumMs),
      maximumMilliseconds: this.#answered === 0 ? null : rounded(this.#maximumMs),
      exitCode,
    };
  }

  get #mean(): number {
    return this.#totalMs / this.#answered;
  }
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
