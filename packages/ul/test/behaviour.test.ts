/**
 * What a peer meets when it does something odd, hostile or merely old, row by row, with the tests that play each stimulus in raw bytes; and
 * what we send whatever the peer does, byte by byte. Message sequence, deadlines of messages and operations are the layer's above.
 */
import { readFileSync } from 'node:fs';
import { encode } from '@dicomwire/pdu';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import {
  AcceptorScene,
  abort,
  ctImageStorage,
  data,
  explicitLittleEndian,
  implicitLittleEndian,
  RequestorScene,
  request,
  response,
  verification,
} from './scene.js';

const hostile = 'acceptor-hostile';
const requestor = 'requestor';
const ends = 'release-and-abort';

const rows: [stimulus: string, shownBy: [file: string, ...titles: string[]][]][] = [
  [
    'first PDU is neither A-ASSOCIATE-RQ nor A-ABORT, or is A-ABORT',
    [
      [
        hostile,
        'a P-DATA-TF as first PDU',
        'an A-RELEASE-RQ as first PDU',
        'an A-ABORT as first PDU with nothing but closing',
      ],
    ],
  ],
  [
    'first bytes are HTTP, a TLS hello, or unknown',
    [[hostile, "'HTTP'", 'a TLS hello', 'one byte of an unknown PDU type']],
  ],
  [
    'silence, half a header, half a request, trickling',
    [
      [
        hostile,
        'silence',
        'half a header',
        'half an A-ASSOCIATE-RQ',
        'bytes that trickle with closing when ARTIM expires, not later',
      ],
    ],
  ],
  [
    'PDU length FFFFFFFFH or over the cap',
    [
      [hostile, 'PDU length FFFFFFFFH', 'a PDU length one over the cap', 'a P-DATA-TF of length FFFFFFFFH'],
      [requestor, 'PDU length FFFFFFFFH'],
    ],
  ],
  [
    'protocol version 3, 2 or 0',
    [[hostile, 'protocol version 3: bit 0 is set', 'protocol version 2', 'protocol version 0']],
  ],
  ['application context wrong or absent', [[hostile, 'a wrong application context', 'no application context']]],
  ['unknown item, unknown sub-item', [[hostile, 'an unknown item', 'an unknown sub-item']]],
  [
    'malformed contexts and identities, reserved fields',
    [
      [
        hostile,
        'an even presentation context ID',
        'presentation context ID 0',
        'a presentation context ID twice',
        'a context without transfer syntax',
        'a context without abstract syntax',
        'user identity type 9',
        'reserved fields set',
      ],
    ],
  ],
  [
    'no contexts proposed, none acceptable',
    [[hostile, 'no presentation context', 'contexts that it does not know, refused one by one']],
  ],
  [
    'AE titles blank, padded with NULs, not ASCII, unknown',
    [
      [hostile, 'a called AE title padded with NULs', 'a blank calling AE title', 'an AE title that is not ASCII'],
      ['server', 'a called AE title that is not ours', 'a calling AE title that is not known'],
    ],
  ],
  [
    'items longer than what holds them, bytes left over',
    [[hostile, 'an item longer than the PDU', 'bytes left over behind the last item']],
  ],
  [
    'maximum length 0, absent, 1 to 7, 12',
    [
      [
        hostile,
        'maximum length 0',
        'no maximum length',
        'maximum length 1',
        'maximum length 7',
        'whose maximum length is 12',
      ],
      [requestor, 'a maximum length of 7'],
      ['behaviour', 'takes an answer whose maximum length is'],
    ],
  ],
  [
    'bytes one at a time, many PDUs in a chunk, several values in a PDU',
    [
      ['data-flow', 'is the same however it is cut'],
      [hostile, 'the same when it comes byte by byte'],
    ],
  ],
  [
    'fragments of one byte, an empty last fragment',
    [['behaviour', 'takes fragments of one byte and an empty last one']],
  ],
  ['message control header bits 2 to 7', [['data-flow', 'ignores bits 2 to 7 of the message control header']]],
  [
    'P-DATA-TF with no value, values of wrong lengths',
    [
      [
        hostile,
        'a P-DATA-TF with no value',
        'a value of length 0',
        'a value of length 1',
        'a value longer than its PDU',
        'bytes left over behind a value',
      ],
    ],
  ],
  [
    'P-DATA-TF over our maximum length',
    [[hostile, 'a P-DATA-TF up to 6 bytes over our maximum length', 'a P-DATA-TF 7 bytes over']],
  ],
  [
    'a value on an unknown or refused context',
    [[hostile, 'a value on an unknown context', 'a value on a refused context']],
  ],
  ['a PDU that never ends', [[hostile, 'a PDU that is never finished by ABORT(2,0)']]],
  [
    'PDUs out of place on an association',
    [[hostile, 'an A-ASSOCIATE-RQ', 'an A-ASSOCIATE-AC', 'an A-ASSOCIATE-RJ', 'an A-RELEASE-RP', 'an unknown PDU']],
  ],
  [
    'release collisions',
    [[ends, 'releases collide: the table is followed to the letter', 'releases collide in one chunk']],
  ],
  [
    'P-DATA in Sta7, anything in Sta13',
    [
      [
        ends,
        'release sends A-RELEASE-RQ, and closes',
        'keeps what comes to itself',
        'an A-ASSOCIATE-RQ after the end is answered by A-ABORT (AA-7)',
      ],
    ],
  ],
  [
    'A-RELEASE-RQ, A-ABORT, FIN or RST in the middle',
    [
      [hostile, "'an A-ABORT', ({ peer })", "'FIN'", "'RST'", 'by telling its user at once'],
      [ends, 'a release by the peer in the middle of a message'],
    ],
  ],
  [
    'answers that are none, or none at all',
    [
      [
        requestor,
        'a context that was never proposed',
        'a transfer syntax that was never proposed',
        'a rejection with values out of range',
        'gives up a peer that never answers',
      ],
      ['behaviour', 'leaves an acceptor that accepts and then says nothing'],
    ],
  ],
  [
    'a TLS client that never says hello',
    [['tls', 'holds up nobody, counts as a connection, and ends at its deadline']],
  ],
  ['a peer that never reads', [['data-flow', 'to a peer that never reads ends by the write deadline']]],
  [
    'thousands of connections that say nothing',
    [['server', 'thousands of connections that say nothing hold nothing past ARTIM']],
  ],
];

describe('there is a test for', () => {
  it.each(rows)('%s', (_, shownBy) => {
    for (const [file, ...titles] of shownBy) {
      const text = readFileSync(new URL(`./${file}.test.ts`, import.meta.url), 'utf8');
      for (const title of titles) expect(text).toContain(title);
    }
  });
});

describe('beside those, the upper layer', () => {
  it('takes fragments of one byte and an empty last one', async () => {
    const { peer, recorder } = await new AcceptorScene().associate();
    peer.send(data(1, 1, true, false), data(1, 1, true, false), data(1, 0, true, true));
    await settle();
    expect(recorder.fragments.map(({ length, isLast }) => [length, isLast])).toEqual([
      [1, false],
      [1, false],
      [0, true],
    ]);
    expect(recorder.ends).toEqual([]);
  });

  it.each([
    ['0', 0, 0x40000 - 6],
    ['absent', undefined, 0x40000 - 6],
    ['12', 12, 6],
    ['13', 13, 6],
  ])('takes an answer whose maximum length is %s', async (_, maximumLength, expected) => {
    const scene = new RequestorScene();
    const association = await scene.associate({
      ...response,
      userInformation: { ...response.userInformation, maximumLength },
    });
    expect(association.maximumFragmentLength).toBe(expected);
  });

  it('leaves an acceptor that accepts and then says nothing', async () => {
    const scene = new RequestorScene({ idleTimeoutMs: 600_000, releaseTimeoutMs: 30_000 });
    const association = await scene.associate();
    await scene.clock.advance(630_000);
    expect(scene.peer.takePdus().map(({ type }) => type)).toEqual(['A-RELEASE-RQ', 'A-ABORT']);
    await scene.clock.advance(5_000);
    expect(await association.closed).toMatchObject({ kind: 'aborted', error: { code: 'timeout', wait: 'release' } });
  });
});

/** Items of an A-ASSOCIATE PDU from this offset on: type and value. */
function itemsOf(bytes: Buffer, from = 74): { readonly type: number; readonly value: Buffer }[] {
  const items = [];
  for (let at = from; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt16BE(at + 2);
    items.push({ type: bytes[at] ?? 0, value: bytes.subarray(at + 4, end) });
    at = end;
  }
  return items;
}

function oneOfType(items: ReturnType<typeof itemsOf>, type: number): Buffer {
  const [only, ...others] = items.filter((item) => item.type === type);
  if (only === undefined || others.length > 0) throw new Error(`not one item ${type.toString(16)}H`);
  return only.value;
}

describe('what we send, always', () => {
  it('an A-ASSOCIATE-RQ: titles padded with spaces, odd IDs, version name of 16 characters at most, no role selection', async () => {
    const scene = new RequestorScene({
      presentationContexts: Array.from({ length: 128 }, (_, index) => ({
        abstractSyntax: `1.2.${index}`,
        transferSyntaxes: [implicitLittleEndian],
      })),
    });
    await settle();
    const bytes = Buffer.from(scene.peer.takeBytes());
    expect(bytes.subarray(10, 42).toString('latin1')).toBe('ACCEPTOR        REQUESTOR       ');
    expect(bytes.subarray(42, 74)).toEqual(Buffer.alloc(32));
    const items = itemsOf(bytes);
    const ids = items.filter(({ type }) => type === 0x20).map(({ value }) => value[0]);
    expect(ids).toEqual(Array.from({ length: 128 }, (_, index) => 2 * index + 1));
    const information = itemsOf(oneOfType(items, 0x50), 0);
    expect(information.map(({ type }) => type)).toEqual([0x51, 0x52, 0x55]);
    expect(oneOfType(information, 0x52).toString()).toMatch(/^[\d.]{1,64}$/);
    expect(oneOfType(information, 0x55).length).toBeLessThanOrEqual(16);
    scene.peer.close();
  });

  it('role selection where it is asked for', async () => {
    const roleSelections = [{ sopClassUid: ctImageStorage, scuRole: false, scpRole: true }];
    const scene = new RequestorScene({ roleSelections });
    await settle();
    const information = itemsOf(oneOfType(itemsOf(Buffer.from(scene.peer.takeBytes())), 0x50), 0);
    const uid = Buffer.from(ctImageStorage);
    const length = Buffer.of(0, uid.length);
    expect(oneOfType(information, 0x54)).toEqual(Buffer.concat([length, uid, Buffer.of(0, 1)]));
    scene.peer.close();
  });

  it('an A-ASSOCIATE-AC: bytes 11 to 74 repeated, every context answered, a transfer syntax in each answer', async () => {
    const { peer } = new AcceptorScene().open();
    const asked = Buffer.from(
      encode({
        ...request,
        presentationContexts: [
          { id: 1, abstractSyntax: verification, transferSyntaxes: [implicitLittleEndian] },
          { id: 7, abstractSyntax: '1.2.3', transferSyntaxes: [explicitLittleEndian, implicitLittleEndian] },
          { id: 255, abstractSyntax: ctImageStorage, transferSyntaxes: ['1.2.840.10008.1.2.2'] },
        ],
      }),
    );
    asked.fill(0xee, 42, 74);
    peer.send(asked);
    await settle();
    const bytes = Buffer.from(peer.takeBytes());
    expect(bytes.subarray(10, 74)).toEqual(asked.subarray(10, 74));
    const answers = itemsOf(bytes).filter(({ type }) => type === 0x21);
    expect(answers.map(({ value }) => [value[0], value[2]])).toEqual([
      [1, 0],
      [7, 3],
      [255, 4],
    ]);
    for (const { value } of answers) expect(oneOfType(itemsOf(value, 4), 0x40).length).toBeGreaterThan(0);
    peer.close();
  });

  it.each([8, 12, 100, 16_384])(
    'P-DATA-TF with one value of even length each, within a maximum length of %d',
    async (maximumLength) => {
      const { peer } = new AcceptorScene().open();
      peer.send({ ...request, userInformation: { ...request.userInformation, maximumLength } });
      await settle();
      peer.takeBytes();
      peer.close();
      const scene = new RequestorScene();
      const association = await scene.associate({
        ...response,
        userInformation: { ...response.userInformation, maximumLength },
      });
      const largest = association.maximumFragmentLength;
      expect(largest % 2).toBe(0);
      expect(() => association.send(3, false, false, new Uint8Array(largest + 1))).toThrow(/cut it/);
      association.send(3, true, true, new Uint8Array(largest));
      association.send(3, false, true, new Uint8Array(2));
      await settle();
      const bytes = Buffer.from(scene.peer.takeBytes());
      expect(bytes.readUInt32BE(2)).toBe(largest + 6);
      expect(bytes.readUInt32BE(2)).toBeLessThanOrEqual(maximumLength);
      expect(bytes.readUInt32BE(6)).toBe(largest + 2);
      expect([...bytes.subarray(10, 12)]).toEqual([3, 3]);
      expect([...bytes.subarray(12 + largest)]).toEqual([4, 0, 0, 0, 0, 8, 0, 0, 0, 4, 3, 2, 0, 0]);
      scene.peer.send(abort(0, 0));
    },
  );
});
