/** `dicomwire annotate`: explains PDUs byte by byte. PS3.8 9.3. */
import { createReadStream } from 'node:fs';
import { uidName } from '@dicomwire/dimse/dataset';
import { type Annotation, annotate as annotatePdus, renderAnnotation } from '@dicomwire/pdu';
import { ByteSource } from './capture/byte-source.js';
import { isCapture } from './capture/capture-file.js';
import { type CaptureSummary, capturedPdus, type PduOfCapture } from './capture/captured-pdus.js';
import { EXIT_FAILED, EXIT_OK } from './exit-code.js';
import { bytesOfHex, isHexText } from './hex-text.js';
import { say, sayJson } from './output.js';
import { count } from './quantities.js';
import { runCommand } from './run-command.js';
import { UsageError } from './usage-error.js';

/** Options of the command. */
export interface AnnotateOptions {
  readonly json?: true | undefined;
  readonly showCredentials?: true | undefined;
}

/** What is no capture is held as a whole. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Runs the command. Resolves to its exit code: 1 when a PDU is malformed. */
export function annotate(path: string, options: AnnotateOptions): Promise<number> {
  return runCommand(options, async (signal) => {
    const source = new ByteSource(path === '-' ? process.stdin : createReadStream(path, { signal }));
    if (isCapture(await source.peek(4))) return annotateCapture(source, options, signal);
    const bytes = await source.take(MAX_FILE_BYTES + 1);
    if (bytes.length > MAX_FILE_BYTES) throw new UsageError(`${path} is larger than 256 MiB: cut it first`);
    if (bytes.length === 0) throw new UsageError(`${path === '-' ? 'Standard input' : path} is empty`);
    const pdus = isHexText(bytes) ? bytesOfHex(Buffer.from(bytes).toString('latin1')) : bytes;
    return annotateBytes(pdus, 0, {}, options);
  });
}

async function annotateCapture(source: ByteSource, options: AnnotateOptions, signal: AbortSignal): Promise<number> {
  let exitCode = EXIT_OK;
  let spoke: string | undefined;
  const pdus = capturedPdus(source);
  for (;;) {
    signal.throwIfAborted();
    const { done, value } = await pdus.next();
    if (done) return tellEnd(value) ? exitCode : EXIT_FAILED;
    const { stream, offset, bytes } = value;
    const time = timeOf(value);
    if (!options.json && stream !== spoke)
      say(`${spoke === undefined ? '' : '\n'}# ${stream}${time ? `  ${time}` : ''}`);
    spoke = stream;
    exitCode = Math.max(exitCode, annotateBytes(bytes, offset, { stream, time }, options));
  }
}

/** What else the capture had. @returns whether there was a PDU */
function tellEnd({ packets, dicomStreams, tlsStreams, gaps }: CaptureSummary): boolean {
  for (const { name, lostBytes } of gaps)
    process.stderr.write(`${name}: ${count(lostBytes, 'byte')} not captured, or behind a gap and left out\n`);
  if (tlsStreams > 0) process.stderr.write(`${count(tlsStreams, 'stream')} in TLS: what is in them can't be seen\n`);
  if (dicomStreams === 0) {
    process.stderr.write(`dicomwire: no TCP stream in it begins with a PDU (${count(packets, 'packet')} looked at)\n`);
  }
  return dicomStreams > 0;
}

function annotateBytes(
  bytes: Uint8Array,
  offset: number,
  more: { readonly stream?: string | undefined; readonly time?: string | undefined },
  { json, showCredentials }: AnnotateOptions,
): number {
  let exitCode = EXIT_OK;
  for (const inBytes of annotatePdus(bytes, { nameUid: uidName })) {
    const pdu = movedBy(offset, inBytes);
    if (pdu.error !== undefined || pdu.fields.some(({ name }) => name === 'missing')) exitCode = EXIT_FAILED;
    const lines = renderAnnotation([pdu], { showCredentials });
    if (json)
      sayJson({
        type: 'pdu',
        ...more,
        name: pdu.name,
        offset: pdu.offset,
        byteLength: pdu.byteLength,
        error: pdu.error?.message,
        lines: lines.split('\n'),
      });
    else say(lines);
  }
  return exitCode;
}

/** Offsets of a stream in place of those of the PDU. */
function movedBy(offset: number, annotation: Annotation): Annotation {
  if (offset === 0) return annotation;
  const fields = annotation.fields.map((field) => movedBy(offset, field));
  return { ...annotation, offset: annotation.offset + offset, fields };
}

/** `2026-01-31T10:15:04.123456789Z`. */
function timeOf({ timeNs }: PduOfCapture): string | undefined {
  if (timeNs === undefined) return undefined;
  const milliseconds = Number(timeNs / 1_000_000n);
  if (Math.abs(milliseconds) > 8.64e15) return undefined;
  const fraction = String(((timeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n).padStart(9, '0');
  return `${new Date(milliseconds).toISOString().slice(0, 19)}.${fraction}Z`;
}
