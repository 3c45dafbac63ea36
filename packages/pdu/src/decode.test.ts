import { describe, expect, test } from 'vitest';
import { ascii, associate, hex, item, pdu, TITLES, uidItem } from '../test/hex.js';
import { decode } from './decode.js';

/** An A-ASSOCIATE-RQ whose one item is this user information. */
function informed(subItems: string): string {
  return associate(0x01, item(0x50, subItems));
}

describe('lets pass:', () => {
  function associateFields(digits: string) {
    const decoded = decode(hex(digits))?.pdu;
    if (decoded?.type !== 'A-ASSOCIATE-RQ' && decoded?.type !== 'A-ASSOCIATE-AC') throw new Error('no associate PDU');
    return decoded;
  }

  test.each([
    ['spaces', 'PACS            '],
    ['NULs', 'PACS\0\0\0\0\0\0\0\0\0\0\0\0'],
    ['NULs after spaces', 'PACS  \0\0\0\0\0\0\0\0\0\0'],
    ['leading spaces', '    PACS        '],
  ])('AE titles padded with %s', (_name, title) => {
    expect(associateFields(pdu(0x01, `00010000${ascii(title)}${ascii(title)}${'00'.repeat(32)}`))).toMatchObject({
      calledAeTitle: 'PACS',
      callingAeTitle: 'PACS',
    });
  });

  test('AE titles blank by spaces or NULs', () => {
    const decoded = associateFields(pdu(0x01, `00010000${'20'.repeat(16)}${'00'.repeat(48)}`));
    expect(decoded).toMatchObject({ calledAeTitle: '', callingAeTitle: '' });
  });

  test('reserved fields with something in them, which PS3.8 does not want tested', () => {
    const context = '20ff0012 01ffffff 30ff0003312e33 40ff0003312e34';
    const decoded = associateFields(pdu(0x01, `0001ffff${TITLES.replace(/(00){32}$/, 'ff'.repeat(32))}${context}`));
    expect(decoded.presentationContexts).toEqual([{ id: 1, abstractSyntax: '1.3', transferSyntaxes: ['1.4'] }]);
    expect(decode(hex('05ff00000004ffffffff'))?.pdu).toEqual({ type: 'A-RELEASE-RQ' });
    expect(decode(hex('07ff00000004ffff0000'))?.pdu).toEqual({ type: 'A-ABORT', source: 0, reason: 0 });
  });

  test('a request without contexts, application context or user information', () => {
    expect(associateFields(associate(0x01, ''))).toMatchObject({
      applicationContextName: undefined,
      presentationContexts: [],
      userInformation: {},
    });
  });

  test('items in any order', () => {
    const decoded = associateFields(
      associate(
        0x01,
        `50000000${item(0x20, `01000000${uidItem(0x40, '1.4')}${uidItem(0x30, '1.3')}`)}${uidItem(0x10, '1.2')}`,
      ),
    );
    expect(decoded).toMatchObject({ applicationContextName: '1.2', presentationContexts: [{ abstractSyntax: '1.3' }] });
  });

  test.each([
    ['NULs', '1.2\0\0'],
    ['spaces', '1.2 '],
  ])('UIDs padded with %s', (_name, uid) => {
    expect(associateFields(associate(0x01, uidItem(0x10, uid))).applicationContextName).toBe('1.2');
  });

  test.each([
    ['over 64 characters', '1.'.repeat(50)],
    ['with characters that no UID has', 'a\u00ff/../b'],
    ['that are empty', ''],
  ])('UIDs %s, which concern one context and not the association', (_name, uid) => {
    expect(associateFields(associate(0x01, uidItem(0x10, uid))).applicationContextName).toBe(uid);
  });

  test.each([0, 1, 7, 0xffffffff])('maximum length %i', (maximumLength) => {
    const digits = maximumLength.toString(16).padStart(8, '0');
    expect(associateFields(informed(`51000004${digits}`)).userInformation).toEqual({ maximumLength });
  });

  test('an implementation version name over 16 characters', () => {
    const implementationVersionName = 'A name of more than 16 characters';
    expect(associateFields(informed(item(0x55, ascii(implementationVersionName)))).userInformation).toEqual({
      implementationVersionName,
    });
  });

  test('a user identity in an A-ASSOCIATE-AC, where its type means nothing', () => {
    const { userInformation } = associateFields(associate(0x02, item(0x50, item(0x58, '09 00 0000 0000'))));
    expect(userInformation.userIdentity?.userIdentityType).toBe(9);
  });

  test('values other than 0 and 1 in flags, as not set', () => {
    const { userInformation } = associateFields(informed('54000005 0001 31 02 ff 58000006 01 07 0000 0000'));
    expect(userInformation).toMatchObject({
      roleSelections: [{ scuRole: false, scpRole: false }],
      userIdentity: { positiveResponseRequested: false },
    });
  });

  test('bits 2 to 7 of a message control header, and an even context ID, which the association looks up', () => {
    expect(decode(hex(pdu(0x04, '00000002 02ff')))?.pdu).toEqual({
      type: 'P-DATA-TF',
      values: [{ contextId: 2, isCommand: true, isLast: true, data: hex('') }],
    });
  });
});
