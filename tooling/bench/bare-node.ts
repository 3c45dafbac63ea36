/**
 * The least that a client on Node's sockets could do: prepared bytes out, the first byte of each PDU in, nothing checked, no deadline.
 * `node bare-node.ts PORT AE_TITLE echo COUNT` or `store FILE...`. What it takes is what Node takes.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { encodeCommandSet } from '@dicomwire/dimse';
import { splitPart10 } from '@dicomwire/interop/corpus';
import { encode } from '@dicomwire/pdu';

const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const VERIFICATION = '1.2.840.10008.1.1';
const MAXIMUM_LENGTH = 131_072;
/** PDU header, PDV length, context ID, message control header. */
const HEADER_BYTES = 12;

const [port = '', calledAeTitle = '', what = '', ...operands] = process.argv.slice(2);
const count = what === 'echo' ? Number(operands[0]) : operands.length;
const first = what === 'echo' ? undefined : readObject(operands[0] ?? '');
const echo = dataPdu(
  true,
  encodeCommandSet({ type: 'C-ECHO-RQ', messageId: 1, affectedSopClassUid: VERIFICATION, hasDataSet: false }),
);

const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
socket.once('connect', () => socket.write(associateRq()));
socket.on('data', received);

let sent = 0;
let header: number[] = [];
let left = 0;

function received(chunk: Buffer): void {
  for (let at = 0; at < chunk.length; ) {
    if (left === 0) {
      header.push(chunk[at++] ?? 0);
      if (header.length === 6) left = Buffer.from(header).readUInt32BE(2);
      continue;
    }
    const length = Math.min(left, chunk.length - at);
    at += length;
    left -= length;
    if (left > 0) continue;
    const [type] = header;
    header = [];
    answered(type);
  }
}

function answered(type: number | undefined): void {
  if (type === 0x06) socket.destroy();
  else if (type !== 0x02 && type !== 0x04) throw new Error(`PDU type ${type} came`);
  else if (sent === count) socket.write(encode({ type: 'A-RELEASE-RQ' }));
  else if (what === 'echo') socket.write(echo);
  else store(operands[sent] ?? '');
  sent++;
}

function store(path: string): void {
  const { sopClassUid, sopInstanceUid, dataSet } = readObject(path);
  const command = encodeCommandSet({
    type: 'C-STORE-RQ',
    messageId: 1,
    affectedSopClassUid: sopClassUid,
    affectedSopInstanceUid: sopInstanceUid,
    hasDataSet: true,
  });
  socket.cork();
  socket.write(dataPdu(true, command));
  const step = MAXIMUM_LENGTH - 6;
  for (let at = 0; at < dataSet.length; at += step) {
    const isLast = at + step >= dataSet.length;
    socket.write(dataHeader(false, isLast, Math.min(step, dataSet.length - at)));
    socket.write(dataSet.subarray(at, at + step));
  }
  socket.uncork();
}

function readObject(path: string): NonNullable<ReturnType<typeof splitPart10>> {
  const parts = splitPart10(readFileSync(path));
  if (parts === undefined) throw new Error(`${path} is no object`);
  return parts;
}

function associateRq(): Uint8Array {
  return encode({
    type: 'A-ASSOCIATE-RQ',
    protocolVersion: 1,
    calledAeTitle,
    callingAeTitle: 'BARE',
    applicationContextName: '1.2.840.10008.3.1.1.1',
    presentationContexts: [
      { id: 1, abstractSyntax: first?.sopClassUid ?? VERIFICATION, transferSyntaxes: [IMPLICIT_VR_LITTLE_ENDIAN] },
    ],
    userInformation: { maximumLength: MAXIMUM_LENGTH, implementationClassUid: '2.25.1' },
  });
}

function dataPdu(isCommand: boolean, data: Uint8Array): Uint8Array {
  return Buffer.concat([dataHeader(isCommand, true, data.length), data]);
}

function dataHeader(isCommand: boolean, isLast: boolean, length: number): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes[0] = 0x04;
  bytes.writeUInt32BE(length + 6, 2);
  bytes.writeUInt32BE(length + 2, 6);
  bytes[10] = 1;
  bytes[11] = (isCommand ? 1 : 0) | (isLast ? 2 : 0);
  return bytes;
}
