/** From the values of Specific Character Set (0008,0005) to a codec. PS3.3 C.12.1.1.2, PS3.5 6.1. */
import { characterSetsOf, standAloneSets } from './defined-terms.js';
import { Iso2022Codec } from './iso-2022.js';
import { StandAloneCodec } from './stand-alone.js';
import type { TextCodec } from './text-codec.js';

/** As many codecs are kept; a peer may name sets in any order, and so make new ones at will. */
const maxCodecs = 64;
const codecs = new Map<string, TextCodec>();
/** The same, by the values as they were given: nearly all data sets say one of a few things. */
const codecsByTerms = new Map<string, TextCodec>();
const longestKey = 64;

/** The codec for the values of (0008,0005); none, or none that is known, is the default repertoire. */
export function textCodec(terms: readonly string[]): TextCodec {
  const given = terms.join('\\');
  const known = codecsByTerms.get(given);
  if (known !== undefined) return known;
  const codec = codecOfSets(terms);
  if (given.length <= longestKey) {
    if (codecsByTerms.size >= maxCodecs) codecsByTerms.clear();
    codecsByTerms.set(given, codec);
  }
  return codec;
}

function codecOfSets(terms: readonly string[]): TextCodec {
  const { sets } = characterSetsOf(terms);
  const key = sets.join();
  let codec = codecs.get(key);
  if (codec === undefined) {
    const [first = '6'] = sets;
    codec = standAloneSets.has(first) ? new StandAloneCodec(first) : new Iso2022Codec(sets);
    if (codecs.size >= maxCodecs) {
      codecs.clear();
      codecsByTerms.clear();
    }
    codecs.set(key, codec);
  }
  return codec;
}
