import { describe, expect, test } from 'vitest';
import { ByteSource } from './byte-source.js';
import { type CaptureSummary, capturedPdus, type PduOfCapture } from './captured-pdus.js';

const HANDSHAKE = { syn: true };
/** A-ASSOCIATE-RJ, A-RELEASE-RQ, A-RELEASE-RP. PS3.8 9.3. */
const rejection = Buffer.from('03000000000400010107', 'hex');
const releaseRequest = Buffer.from('05000000000400000000', 'hex');
const releaseReply = Buffer.from('06000000000400000000', 'hex');
/** P-DATA-TF with one fragment of so many bytes. */
function pData(valueBytes: number): Buffer {
  const pdu = Buffer.alloc(12 + valueBytes, 0x55);
  pdu.set([4, 0], 0);
  pdu.writeUInt32BE(6 + valueBytes, 2);
  pdu.writeUInt32BE(2 + valueBytes, 6);
  pdu.set([1, 0], 10);
  return pdu;
}

interface TcpWords {
  readonly syn?: boolean;
  readonly fin?: boolean;
  readonly fromPort?: number;
  readonly toPort?: number;
}

function tcp(sequence: number, bytes: Uint8Array = Buffer.alloc(0), words: TcpWords = {}): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(words.fromPort ?? 5000, 0);
  header.writeUInt16BE(words.toPort ?? 104, 2);
  header.writeUInt32BE(sequence >>> 0, 4);
  header[12] = 0x50;
  header[13] = 0x10 | (words.syn ? 2 : 0) | (words.fin ? 1 : 0);
  return Buffer.concat([header, bytes]);
}

function ipv4(segment: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + segment.length, 2);
  header[9] = 6;
  header.set([10, 0, 0, 1, 10, 0, 0, 2], 12);
  return Buffer.concat([header, segment]);
}

/** With a hop-by-hop header before TCP. */
function ipv6(segment: Buffer): Buffer {
  const header = Buffer.alloc(48);
  header[0] = 0x60;
  header.writeUInt16BE(8 + segment.length, 4);
  header[6] = 0;
  header[23] = 1;
  header[39] = 2;
  header[40] = 6;
  return Buffer.concat([header, segment]);
}

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const addresses = '02 00 00 00 00 01 02 00 00 00 00 02';

interface Capture {
  readonly linkType?: number;
  readonly isLittle?: boolean;
}

function pcap(
  packets: readonly Buffer[],
  { linkType = 101, isLittle = true }: Capture = {},
  magic = 0xa1b2c3d4,
): Buffer {
  const header = Buffer.alloc(24);
  put32(header, magic, 0, isLittle);
  put32(header, linkType, 20, isLittle);
  const records = packets.flatMap((packet) => {
    const record = Buffer.alloc(16);
    put32(record, 1_700_000_000, 0, isLittle);
    put32(record, 123_456, 4, isLittle);
    put32(record, packet.length, 8, isLittle);
    put32(record, packet.length, 12, isLittle);
    return [record, packet];
  });
  return Buffer.concat([header, ...records]);
}

function put32(buffer: Buffer, value: number, at: number, isLittle: boolean): void {
  if (isLittle) buffer.writeUInt32LE(value, at);
  else buffer.writeUInt32BE(value, at);
}

function block(type: number, body: Buffer, isLittle: boolean): Buffer {
  const padding = Buffer.alloc((4 - (body.length % 4)) % 4);
  const ends = [Buffer.alloc(8), Buffer.alloc(4)] as const;
  const length = body.length + padding.length + 12;
  put32(ends[0], type, 0, isLittle);
  put32(ends[0], length, 4, isLittle);
  put32(ends[1], length, 0, isLittle);
  return Buffer.concat([ends[0], body, padding, ends[1]]);
}

function section(isLittle: boolean): Buffer {
  const body = Buffer.alloc(16, 0xff);
  put32(body, 0x1a2b3c4d, 0, isLittle);
  return block(0x0a0d0d0a, body, isLittle);
}

/** An interface; its resolution is a power of ten. */
function description(linkType: number, isLittle: boolean, resolution = 6): Buffer {
  const body = Buffer.alloc(20);
  if (isLittle) body.writeUInt16LE(linkType, 0);
  else body.writeUInt16BE(linkType, 0);
  const option = isLittle ? [9, 0, 1, 0] : [0, 9, 0, 1];
  body.set([...option, resolution], 8);
  return block(1, body, isLittle);
}

function enhanced(id: number, packet: Buffer, isLittle: boolean, units = 0n): Buffer {
  const head = Buffer.alloc(20);
  put32(head, id, 0, isLittle);
  put32(head, Number(units >> 32n), 4, isLittle);
  put32(head, Number(units & 0xffffffffn), 8, isLittle);
  put32(head, packet.length, 12, isLittle);
  put32(head, packet.length, 16, isLittle);
  return block(6, Buffer.concat([head, packet]), isLittle);
}

async function read(file: Uint8Array, chunkBytes = 7) {
  async function* chunks() {
    for (let at = 0; at < file.length; at += chunkBytes) yield file.subarray(at, at + chunkBytes);
  }
  const found: PduOfCapture[] = [];
  const pdus = capturedPdus(new ByteSource(chunks()));
  for (;;) {
    const next = await pdus.next();
    if (next.done) return { pdus: found, summary: next.value satisfies CaptureSummary };
    found.push(next.value);
  }
}

const bytesOf = ({ pdus }: { readonly pdus: readonly PduOfCapture[] }) =>
  pdus.map(({ bytes }) => Buffer.from(bytes).toString('hex'));

describe('link layers', () => {
  test.each([
    ['loopback', 0, '02000000', ipv4],
    ['loopback of OpenBSD', 108, '00000002', ipv4],
    ['Ethernet', 1, `${addresses} 0800`, ipv4],
    ['Ethernet with IPv6', 1, `${addresses} 86dd`, ipv6],
    ['a VLAN', 1, `${addresses} 8100 0064 0800`, ipv4],
    ['a VLAN in another', 1, `${addresses} 88a8 0064 8100 0065 86dd`, ipv6],
    ['raw IP', 101, '', ipv4],
    ['raw IPv6', 229, '', ipv6],
    ['Linux cooked', 113, '0000 0001 0006 020000000001 0000 0800', ipv4],
    ['Linux cooked, version 2', 276, '0800 0000 00000001 0001 00 06 0200000000010000', ipv4],
    ['Linux cooked with a VLAN', 113, '0000 0001 0006 020000000001 0000 8100 0064 0800', ipv4],
  ])('%s', async (_name, linkType, header, ip) => {
    const packets = [tcp(99, undefined, HANDSHAKE), tcp(100, rejection)].map((segment) =>
      Buffer.concat([hex(header), ip(segment)]),
    );
    const expected = [rejection.toString('hex')];
    for (const isLittle of [true, false]) {
      expect(bytesOf(await read(pcap(packets, { linkType, isLittle })))).toEqual(expected);
      const blocks = packets.map((packet) => enhanced(0, packet, isLittle));
      const pcapng = Buffer.concat([section(isLittle), description(linkType, isLittle), ...blocks]);
      expect(bytesOf(await read(pcapng))).toEqual(expected);
    }
  });

  test('padding of Ethernet behind an acknowledgement is no data', async () => {
    const padded = (segment: Buffer) => Buffer.concat([hex(`${addresses} 0800`), ipv4(segment), Buffer.alloc(6)]);
    const packets = [padded(tcp(99, undefined, HANDSHAKE)), padded(tcp(100)), padded(tcp(100, rejection))];
    expect(bytesOf(await read(pcap(packets, { linkType: 1 })))).toEqual([rejection.toString('hex')]);
  });
});

describe('time', () => {
  const packets = [ipv4(tcp(99, undefined, HANDSHAKE)), ipv4(tcp(100, rejection))];

  test.each([
    ['microseconds', 0xa1b2c3d4, 1_700_000_000_123_456_000n],
    ['nanoseconds', 0xa1b23c4d, 1_700_000_000_000_123_456n],
  ])('pcap with %s', async (_name, magic, timeNs) => {
    expect((await read(pcap(packets, {}, magic))).pdus).toMatchObject([{ timeNs }]);
  });

  test('pcapng: each interface and each section its own', async () => {
    const file = Buffer.concat([
      section(true),
      description(1, true),
      description(101, true, 9),
      ...packets.map((packet) => enhanced(1, packet, true, 1_700_000_000_000_000_001n)),
      section(false),
      description(101, false, 3),
      enhanced(0, ipv4(tcp(100 + rejection.length, releaseRequest)), false, 1_700_000_000_002n),
    ]);
    expect((await read(file)).pdus.map(({ timeNs }) => timeNs)).toEqual([
      1_700_000_000_000_000_001n,
      1_700_000_000_002_000_000n,
    ]);
  });
});

describe('reassembly', () => {
  const message = Buffer.concat([rejection, pData(40), releaseRequest]);
  const whole = [rejection, pData(40), releaseRequest].map((pdu) => pdu.toString('hex'));

  test.each([
    ['a beginning', 1000],
    ['sequence numbers that begin anew', 0xffff_fff0],
  ])('every cut into three, in every order, with repeats: %s', async (_name, start) => {
    for (let cut = 1; cut < message.length - 1; cut += 5) {
      const parts = [
        tcp(start, message.subarray(0, cut)),
        tcp(start + cut, message.subarray(cut, cut + 9)),
        // Overlaps the one before it.
        tcp(start + cut + 5, message.subarray(cut + 5)),
      ];
      for (const order of [
        [0, 1, 2],
        [2, 1, 0],
        [1, 0, 2, 1],
        [2, 0, 0, 1],
        [0, 2, 1, 0],
      ]) {
        const segments = [tcp(start - 1, undefined, HANDSHAKE), ...order.map((index) => parts[index] ?? tcp(0))];
        const end = await read(pcap(segments.map(ipv4)), 4096);
        expect(bytesOf(end)).toEqual(whole);
        expect(end.pdus.map(({ offset }) => offset)).toEqual([0, 10, 62]);
        expect(end.summary.gaps).toEqual([]);
      }
    }
  });

  test('behind a gap it goes on with the next segment that begins a PDU', async () => {
    const lost = pData(100);
    const at = 100 + rejection.length;
    const segments = [
      tcp(99, undefined, HANDSHAKE),
      tcp(100, rejection),
      tcp(at + 40, lost.subarray(40)),
      tcp(at + lost.length, releaseRequest, { fin: true }),
    ];
    const end = await read(pcap(segments.map(ipv4)));
    expect(bytesOf(end)).toEqual([rejection, releaseRequest].map((pdu) => pdu.toString('hex')));
    expect(end.summary.gaps).toEqual([{ name: '10.0.0.1:5000 → 10.0.0.2:104', lostBytes: lost.length }]);
    expect(end.pdus[1]?.offset).toBe(rejection.length + lost.length);
  });

  test('a capture that begins in the middle of a connection', async () => {
    const segments = [tcp(7000, Buffer.alloc(50, 4)), tcp(7050, pData(10)), tcp(7072, releaseRequest)];
    const end = await read(pcap(segments.map(ipv4)));
    expect(bytesOf(end)).toEqual([pData(10), releaseRequest].map((pdu) => pdu.toString('hex')));
  });

  test('both directions, ports that are used again, and what is cut short at the end', async () => {
    const back = { fromPort: 104, toPort: 5000 };
    const segments = [
      tcp(99, undefined, HANDSHAKE),
      tcp(499, undefined, { ...HANDSHAKE, ...back }),
      tcp(100, releaseRequest, { fin: true }),
      tcp(500, releaseReply, { ...back, fin: true }),
      tcp(899, undefined, HANDSHAKE),
      tcp(900, pData(10).subarray(0, 9)),
    ];
    const end = await read(pcap(segments.map(ipv4)));
    expect(end.pdus.map(({ stream }) => stream.slice(-4))).toEqual([':104', '5000', ':104']);
    expect(bytesOf(end)).toEqual(
      [releaseRequest, releaseReply, pData(10).subarray(0, 9)].map((pdu) => pdu.toString('hex')),
    );
    expect(end.summary).toMatchObject({ dicomStreams: 3 });
  });

  test('TLS and other protocols are told apart', async () => {
    const segments = [
      tcp(99, undefined, HANDSHAKE),
      tcp(100, hex('16 03 01 00 05 0000000000')),
      tcp(99, undefined, { ...HANDSHAKE, fromPort: 5001 }),
      tcp(100, Buffer.from('GET / HTTP/1.1\r\n\r\n'), { fromPort: 5001 }),
    ];
    const end = await read(pcap(segments.map(ipv4)));
    expect(end).toMatchObject({ pdus: [], summary: { packets: 4, dicomStreams: 0, tlsStreams: 1 } });
  });
});

describe('hostile captures', () => {
  test.each([
    ['a packet of 4 GB', Buffer.concat([pcap([]), Buffer.alloc(8), Buffer.alloc(8, 0xff)]), /a packet of 4294967295/],
    ['half a head', pcap([]).subarray(0, 20), /only the head/],
    ['a link that nobody knows', pcap([ipv4(tcp(1))], { linkType: 147 }), /link type 147/],
    ['a section without byte order', Buffer.concat([hex('0a0d0d0a 0000001c'), Buffer.alloc(20)]), /byte order/],
    ['a block of no length', Buffer.concat([section(true), hex('06000000 00000000 00000000')]), /a block of 0 bytes/],
    ['a packet of no interface', Buffer.concat([section(true), enhanced(3, ipv4(tcp(1)), true)]), /of interface 3/],
  ])('%s', async (_name, file, message) => {
    await expect(read(file)).rejects.toThrow(message);
  });

  test('any cut of a capture gives what is there', async () => {
    const blocks = [ipv4(tcp(99, undefined, HANDSHAKE)), ipv4(tcp(100, rejection))];
    const pcapng = Buffer.concat([
      section(true),
      description(101, true),
      ...blocks.map((each) => enhanced(0, each, true)),
    ]);
    for (const file of [pcap(blocks), pcapng]) {
      for (let length = 28; length < file.length; length++) await read(file.subarray(0, length), 4096);
    }
  });

  test('a PDU that says it is 4 GB long is shown by its beginning, and what comes then is read', async () => {
    const huge = Buffer.concat([hex('0400 ffffffff'), Buffer.alloc(100)]);
    const segments = [tcp(99, undefined, HANDSHAKE), tcp(100, huge), tcp(100 + huge.length, releaseRequest)];
    expect(bytesOf(await read(pcap(segments.map(ipv4))))).toEqual(
      [huge, releaseRequest].map((pdu) => pdu.toString('hex')),
    );
  });
});
