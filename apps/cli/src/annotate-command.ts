/** `dicomwire annotate`: explains PDUs byte by byte. PS3.8 9.3. */
import { readFile, stat } from 'node:fs/promises';
import { uidName } from '@dicomwire/dimse/dataset';
import { annotate as annotatePdus, renderAnnotation } from '@dicomwire/pdu';
import { EXIT_FAILED, EXIT_OK } from './exit-code.js';
import { bytesOfHex, isHexText } from './hex-text.js';
import { say, sayJson } from './output.js';
import { isPcap, isPcapNg, tcpStreams } from './pcap.js';
import { count } from './quantities.js';
import { runCommand } from './run-command.js';
import { UsageError } from './usage-error.js';

/** Options of the command. */
export interface AnnotateOptions {
  readonly json?: true | undefined;
  readonly showCredentials?: true | undefined;
}

const MAX_FILE_BYTES = 1024 * 1024 * 1024;

/** Runs the command. Resolves to its exit code: 1 when a PDU is malformed. */
export function annotate(path: string, options: AnnotateOptions): Promise<number> {
  return runCommand(options, async () => {
    const file = await read(path);
    if (isPcapNg(file)) throw new UsageError(`${path} is pcapng: make it pcap with editcap -F pcap`);
    if (!isPcap(file))
      return annotateBytes(isHexText(file) ? bytesOfHex(Buffer.from(file).toString('latin1')) : file, options);
    let exitCode = EXIT_OK;
    let isAny = false;
    for (const { name, bytes, bytesBehindGap } of tcpStreams(file)) {
      // Streams of other protocols are in most captures.
      if (!isPduLike(bytes)) continue;
      isAny = true;
      if (options.json) sayJson({ type: 'stream', name, bytes: bytes.length, bytesBehindGap });
      else say(`# ${name}, ${count(bytes.length, 'byte')}`);
      exitCode = Math.max(exitCode, annotateBytes(bytes, options));
      if (bytesBehindGap > 0)
        process.stderr.write(`${name}: a part was not captured; ${count(bytesBehindGap, 'byte')} behind it left out\n`);
    }
    if (!isAny) process.stderr.write('dicomwire: no TCP stream in it begins with a PDU\n');
    return isAny ? exitCode : EXIT_FAILED;
  });
}

async function read(path: string): Promise<Uint8Array> {
  if (path !== '-') {
    if ((await stat(path)).size > MAX_FILE_BYTES) throw new UsageError(`${path} is larger than 1 GiB: cut it first`);
    return readFile(path);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    if (length > MAX_FILE_BYTES) throw new UsageError('More than 1 GiB on standard input');
  }
  return Buffer.concat(chunks);
}

function annotateBytes(bytes: Uint8Array, { json, showCredentials }: AnnotateOptions): number {
  let exitCode = EXIT_OK;
  for (const pdu of annotatePdus(bytes, { nameUid: uidName })) {
    if (pdu.error !== undefined || pdu.fields.some(({ name }) => name === 'missing')) exitCode = EXIT_FAILED;
    const lines = renderAnnotation([pdu], { showCredentials });
    if (json)
      sayJson({
        type: 'pdu',
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

function isPduLike(bytes: Uint8Array): boolean {
  const [type = 0, reserved] = bytes;
  return type >= 1 && type <= 7 && reserved === 0;
}
