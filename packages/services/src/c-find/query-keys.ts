/**
 * Keys of a query as users write them, and the identifier that they make. PS3.4 C.4.1.1.3.1.
 */
import { DataSet, type DataSetInput, type Keyword, type PlainValue } from '@dicomwire/dimse';
import {
  DateRange,
  DateTimeRange,
  DicomDate,
  DicomDateTime,
  DicomTime,
  elementDefinition,
  PersonName,
  TimeRange,
  tagOfKeyword,
} from '@dicomwire/dimse/dataset';
import { ServiceError } from '../service-error.js';

/**
 * Keys by keyword. `null` asks for an attribute's value; text asks for that value, a pattern (`DOE*`), a range (`20260101-`); a list for any of its
 * values. Dates, times, names and ranges may also be objects of `@dicomwire/dimse/dataset`. A sequence has one object of keys.
 */
export type QueryKeys = {
  readonly [K in Keyword]?: DataSetInput[K] | QueryKeyValue | readonly QueryKeyValue[] | undefined;
};

/** One value of a key. */
export type QueryKeyValue =
  | string
  | number
  | DicomDate
  | DicomTime
  | DicomDateTime
  | DateRange
  | TimeRange
  | DateTimeRange
  | PersonName
  | QueryKeys
  | null;

/**
 * The identifier for keys. Specific Character Set is set where they need one: Latin 1 if that is enough, which most peers know, else Unicode.
 *
 * @throws ServiceError `invalid-option` for what can be no key.
 */
export function identifierFor(keys: QueryKeys | DataSet): DataSet {
  const identifier = keys instanceof DataSet ? keys.clone() : fromKeys(keys);
  if (!identifier.has('SpecificCharacterSet')) {
    const highest = highestCharacter(identifier);
    if (highest > 0x7f) identifier.set('SpecificCharacterSet', highest > 0xff ? 'ISO_IR 192' : 'ISO_IR 100');
  }
  return identifier;
}

function fromKeys(keys: object): DataSet {
  const identifier = new DataSet();
  const given: readonly (readonly [string, unknown])[] = Object.entries(keys);
  const entries = given
    .filter(([, value]) => value !== undefined)
    .map(([keyword, value]) => ({ keyword, tag: tagOfKeyword(keyword), value }));
  for (const { keyword, tag, value } of entries.sort((a, b) => (a.tag ?? 0) - (b.tag ?? 0))) {
    if (tag === undefined)
      throw new ServiceError('invalid-option', `No element has the keyword ${JSON.stringify(keyword)}`);
    setKey(identifier, keyword, tag, value);
  }
  return identifier;
}

function setKey(identifier: DataSet, keyword: string, tag: number, value: unknown): void {
  const [vr = 'UN'] = elementDefinition(tag)?.vrs ?? [];
  const values = (Array.isArray(value) ? value : [value]).filter((each) => each !== null);
  if (vr !== 'SQ')
    identifier.set(
      tag,
      vr,
      values.map((each) => plainValue(keyword, each)),
    );
  else
    identifier.set(
      tag,
      'SQ',
      values.map((each) => item(keyword, each)),
    );
}

function item(keyword: string, value: unknown): DataSet {
  if (value instanceof DataSet) return value;
  if (typeof value === 'object' && value !== null && !isValueObject(value)) return fromKeys(value);
  throw new ServiceError('invalid-option', `${keyword} is a sequence: its key is an object of keys`);
}

function plainValue(keyword: string, value: unknown): PlainValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  if (isValueObject(value)) return String(value);
  throw new ServiceError('invalid-option', `${keyword} can't be ${JSON.stringify(value)}`);
}

function isValueObject(value: unknown): value is { toString(): string } {
  return valueClasses.some((each) => value instanceof each);
}

const valueClasses = [DateRange, DateTimeRange, TimeRange, DicomDate, DicomDateTime, DicomTime, PersonName];

function highestCharacter(dataSet: DataSet): number {
  let highest = 0;
  for (const { vr, values, items } of dataSet) {
    if (vr === 'SQ') for (const each of items) highest = Math.max(highest, highestCharacter(each));
    for (const value of values) {
      if (typeof value !== 'string') continue;
      for (let at = 0; at < value.length; at += 1) highest = Math.max(highest, value.charCodeAt(at));
    }
  }
  return highest;
}
