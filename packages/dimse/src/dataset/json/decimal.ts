/** Decimal text (DS, IS) and JavaScript's numbers: where one stands for the other exactly. */

/** What is longer than any decimal string may be (16 characters) is kept as it stands. */
const longest = 64;

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** The number that a decimal text means; `undefined` when it is no decimal, or a number would round it. */
export function exactNumber(text: string): number | undefined {
  if (text.length > longest) return undefined;
  const meant = normalDecimal(text);
  if (meant === undefined) return undefined;
  const value = Number(text);
  if (normalDecimal(String(value)) !== meant) return undefined;
  // As a decimal text, zero has no sign.
  return value === 0 ? 0 : value;
}

/** Digits without zeros at either end, and the power of ten that they are multiplied by. */
function normalDecimal(text: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = pattern.exec(text) ?? [];
  const digits = whole + fraction;
  if (digits === '') return undefined;
  const significant = digits.replace(/^0+/, '');
  const trimmed = significant.replace(/0+$/, '');
  if (trimmed === '') return '0';
  const power = Number(exponent) - fraction.length + (significant.length - trimmed.length);
  return `${sign === '-' ? '-' : ''}${trimmed}e${power}`;
}
