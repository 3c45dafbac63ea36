/** Numbers as decimal strings, VR DS. PS3.5 6.2. */

/**
 * A finite number in at most 16 characters, with as many of its digits as they hold: `0.33333333333333`. Where an exponent is needed
 * and the point would cost a digit, it is left out: `11805916207174e8`.
 */
export function formatDecimal(value: number): string {
  const shortest = String(value);
  if (shortest.length <= 16) return shortest;
  for (let count = 16; count > 0; count--) {
    // The largest doubles round up to what no double holds.
    const text = formsOf(value, count).find((form) => form.length <= 16 && Number.isFinite(Number(form)));
    if (text !== undefined) return text;
  }
  return shortest;
}

/** Ways to write a number with so many significant digits. */
function formsOf(value: number, count: number): readonly string[] {
  const rounded = Number(value.toPrecision(count));
  const [mantissa = '', exponent = ''] = value.toExponential(count - 1).split('e');
  const whole = mantissa.replace('.', '');
  return [String(rounded), `${mantissa}e${Number(exponent)}`, `${whole}e${Number(exponent) - count + 1}`];
}
