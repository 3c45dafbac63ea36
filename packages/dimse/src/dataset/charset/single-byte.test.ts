import { describe, expect, test } from 'vitest';
import { textCodec } from './specific-character-set.js';

/** Characters of the bytes 0xa0 to 0xff, U+FFFD where there is none; as the codecs of Python have them. */
const upperHalves: readonly [term: string, characters: string][] = [
  [
    'ISO_IR 100',
    '\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
  ],
  [
    'ISO_IR 101',
    '\u00a0Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u00adŽŻ°ą˛ł´ľśˇ¸šşťź˝žżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙',
  ],
  [
    'ISO_IR 109',
    '\u00a0Ħ˘£¤\ufffdĤ§¨İŞĞĴ\u00ad\ufffdŻ°ħ²³´µĥ·¸ışğĵ½\ufffdżÀÁÂ\ufffdÄĊĈÇÈÉÊËÌÍÎÏ\ufffdÑÒÓÔĠÖ×ĜÙÚÛÜŬŜßàáâ\ufffdäċĉçèéêëìíîï\ufffdñòóôġö÷ĝùúûüŭŝ˙',
  ],
  [
    'ISO_IR 110',
    '\u00a0ĄĸŖ¤ĨĻ§¨ŠĒĢŦ\u00adŽ¯°ą˛ŗ´ĩļˇ¸šēģŧŊžŋĀÁÂÃÄÅÆĮČÉĘËĖÍÎĪĐŅŌĶÔÕÖ×ØŲÚÛÜŨŪßāáâãäåæįčéęëėíîīđņōķôõö÷øųúûüũū˙',
  ],
  [
    'ISO_IR 126',
    '\u00a0‘’£€₯¦§¨©ͺ«¬\u00ad\ufffd―°±²³΄΅Ά·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\ufffdΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ\ufffd',
  ],
  [
    'ISO_IR 127',
    '\u00a0\ufffd\ufffd\ufffd¤\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd،\u00ad\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd؛\ufffd\ufffd\ufffd؟\ufffdءآأؤإئابةتثجحخدذرزسشصضطظعغ\ufffd\ufffd\ufffd\ufffd\ufffdـفقكلمنهوىي\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd',
  ],
  [
    'ISO_IR 138',
    '\u00a0\ufffd¢£¤¥¦§¨©×«¬\u00ad®¯°±²³´µ¶·¸¹÷»¼½¾\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd‗אבגדהוזחטיךכלםמןנסעףפץצקרשת\ufffd\ufffd\u200e\u200f\ufffd',
  ],
  [
    'ISO_IR 144',
    '\u00a0ЁЂЃЄЅІЇЈЉЊЋЌ\u00adЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя№ёђѓєѕіїјљњћќ§ўџ',
  ],
  [
    'ISO_IR 148',
    '\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞßàáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ',
  ],
  [
    'ISO_IR 166',
    '\ufffdกขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮฯะ\u0e31าำ\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\ufffd\ufffd\ufffd\ufffd฿เแโใไๅๆ\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e๏๐๑๒๓๔๕๖๗๘๙๚๛\ufffd\ufffd\ufffd\ufffd',
  ],
  [
    'ISO_IR 203',
    '\u00a0¡¢£€¥Š§š©ª«¬\u00ad®¯°±²³Žµ¶·ž¹º»ŒœŸ¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
  ],
  // JIS X 0201: katakana from 0xa1 to 0xdf.
  ['ISO_IR 13', `\ufffd｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ${'\ufffd'.repeat(32)}`],
];

describe.each(upperHalves)('%s', (term, characters) => {
  const codec = textCodec([term]);
  // What Shift JIS has beyond JIS X 0201 is read as such, and 0xa0 in Thai text as the space that it is on most machines.
  const isBeyond = (byte: number) =>
    (term === 'ISO_IR 13' && (byte === 0xa0 || byte >= 0xe0)) || (term === 'ISO_IR 166' && byte === 0xa0);

  test('reads every byte', () => {
    expect(characters.length).toBe(96);
    for (let byte = 0xa0; byte <= 0xff; byte++) {
      if (!isBeyond(byte)) expect(codec.decode(Uint8Array.of(byte), '')).toBe(characters[byte - 0xa0]);
    }
  });

  test('writes every character, and no other', () => {
    const written: [string, number][] = [];
    for (let code = 0x80; code <= 0xffff; code++) {
      const [byte] = codec.encode(String.fromCharCode(code), '', 'replace');
      if (byte !== undefined && byte !== 0x3f && byte >= 0x80) written.push([String.fromCharCode(code), byte]);
    }
    const expected = Array.from(characters, (character, at): [string, number] => [character, at + 0xa0]);
    expect(new Map(written)).toEqual(new Map(expected.filter(([character]) => character !== '\ufffd')));
  });

  test('has ASCII, but for the two characters that JIS X 0201 has others for', () => {
    for (let code = 0x20; code < 0x7f; code++) {
      const character = String.fromCharCode(code);
      if (term === 'ISO_IR 13' && '\\~'.includes(character)) continue;
      expect([...codec.encode(character, '')]).toEqual([code]);
      expect(codec.decode(Uint8Array.of(0xa1, code), '').charAt(1)).toBe(character);
    }
  });
});

describe('ISO_IR 13', () => {
  const codec = textCodec(['ISO_IR 13']);

  test('has a yen sign and an overline in place of backslash and tilde', () => {
    // PS3.5 H.1.1.
    expect(codec.decode(Uint8Array.of(0x5c, 0x7e), '')).toBe('¥‾');
    expect([...codec.encode('¥‾', '')]).toEqual([0x5c, 0x7e]);
    for (const text of ['\\', '~']) {
      expect(() => codec.encode(text, '')).toThrow(expect.objectContaining({ code: 'unsupported-character-set' }));
    }
  });

  test('divides values by that yen sign, and so has none within them', () => {
    expect(codec.decode(Uint8Array.of(0xb1, 0x5c, 0xb2), '\\')).toBe('ｱ\\ｲ');
    expect([...codec.encode('ｱ\\ｲ', '\\')]).toEqual([0xb1, 0x5c, 0xb2]);
    expect(() => codec.encode('¥', '\\')).toThrow(expect.objectContaining({ code: 'unsupported-character-set' }));
  });

  test('is often Shift JIS in the field, whose second bytes may be 0x5c', () => {
    const problems: string[] = [];
    // ソフト and a half-width ｱ; 0x835c is ソ.
    const bytes = Uint8Array.of(0x83, 0x5c, 0x83, 0x74, 0x83, 0x67, 0x5c, 0xb1);
    expect(codec.decode(bytes, '\\', (problem) => problems.push(problem))).toBe('ソフト\\ｱ');
    expect(problems).toEqual(['ISO_IR 13 has Shift JIS in it']);
  });
});
