/** What tshark's DICOM dissector makes of recorded connections. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../peers/process.ts';
import { temporaryDirectory } from '../peers/temporary-directory.ts';
import { CAPTURED_SERVER_PORT, toPcap } from './pcap.ts';
import type { RecordedConnection, Side } from './recording-proxy.ts';

/** tshark's reading of a capture. */
export interface Dissection {
  /** Every PDU that it dissected, by connection and side, in order: the PDU types. PS3.8 9.3.1. */
  readonly pduTypes: readonly PduTypes[];
  /** What it calls them, one line for each packet that ends a PDU: `P-DATA, C-STORE-RQ ID=1`. */
  readonly names: readonly string[];
  /** Every "malformed" mark and every warning or error of an expert, except those of TCP. */
  readonly complaints: readonly string[];
}

/** PDU types of one connection. */
export type PduTypes = Readonly<Record<Side, readonly number[]>>;

/** Runs tshark over the connections, decoded as DICOM. */
export async function dissect(connections: readonly RecordedConnection[]): Promise<Dissection> {
  const directory = await temporaryDirectory('capture');
  try {
    const capture = join(directory.path, 'capture.pcap');
    await writeFile(capture, toPcap(connections));
    const fields = FIELDS.flatMap((field) => ['-e', field]);
    const end = await run('tshark', [
      ...['-r', capture, '-d', `tcp.port==${CAPTURED_SERVER_PORT},dicom`, '-Y', 'dicom'],
      ...['-T', 'fields', '-E', 'separator=|', '-E', 'occurrence=a', ...fields],
    ]);
    if (end.exitCode !== 0) throw new Error(`tshark failed: ${end.stderr}`);
    return readRows(end.stdout, connections.length);
  } finally {
    await directory.remove();
  }
}

/** The PDU types that really went over each connection, from the PDU headers alone. */
export function pduTypesOnWire(connection: RecordedConnection): PduTypes {
  return { client: typesFrom(connection, 'client'), server: typesFrom(connection, 'server') };
}

const FIELDS = [
  'tcp.stream',
  'tcp.dstport',
  'dicom.pdu.type',
  '_ws.malformed',
  '_ws.expert.message',
  '_ws.col.Info',
] as const;

function readRows(output: string, connectionCount: number): Dissection {
  const pduTypes = Array.from({ length: connectionCount }, () => ({ client: [] as number[], server: [] as number[] }));
  const names: string[] = [];
  const complaints: string[] = [];
  for (const row of output.split('\n')) {
    if (row === '') continue;
    const [stream = '', port, types = '', malformed = '', expert = '', info = ''] = row.split('|');
    const side: Side = Number(port) === CAPTURED_SERVER_PORT ? 'client' : 'server';
    pduTypes[Number(stream)]?.[side].push(...types.split(',').filter(Boolean).map(Number));
    names.push(info);
    if (malformed !== '') complaints.push(`${info}: ${malformed}`);
    if (expert !== '') complaints.push(`${info}: ${expert}`);
  }
  return { pduTypes, names, complaints };
}

function typesFrom(connection: RecordedConnection, side: Side): number[] {
  const pieces: Buffer[] = [];
  for (const event of connection.events) if (event.kind === 'data' && event.from === side) pieces.push(event.bytes);
  const bytes = Buffer.concat(pieces);
  const types: number[] = [];
  for (let at = 0; at + 6 <= bytes.length; at += 6 + bytes.readUInt32BE(at + 2)) types.push(bytes.readUInt8(at));
  return types;
}
