import type { Dtype } from './types.js';

/**
 * Numbers as NumPy prints them: every element of an array with the same width and the decimal point in the same column,
 * and no more digits than the element needs to be read back (the shortest form), cut at a number of digits.
 */

/** How the elements of one array are written. */
export type ElementFormat = (value: number) => string;

/** A positive number as decimal digits d₁d₂d₃… and an exponent e: d₁.d₂d₃… · 10ᵉ. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

/**
 * The common format of the given values of an array. They are written in powers of ten if one of them is at least 1e8
 * or below 1e-4, or if the largest is more than 1000 times the smallest, zeros aside.
 *
 * @param values the elements that are shown
 * @param dtype decides how many digits an element needs
 * @param digits the most digits after the decimal point
 */
export function elementFormat(values: readonly number[], dtype: Dtype | 'int32', digits: number): ElementFormat {
  if (dtype === 'int32') return padded(values.map(String), String);
  const finite = values.filter(Number.isFinite).map(Math.abs);
  const nonzero = finite.filter((value) => value !== 0);
  const most = nonzero.reduce((a, b) => Math.max(a, b), 0);
  const least = nonzero.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const ratio = dtype === 'float32' ? Math.fround(most / least) : most / least;
  const inPowers = nonzero.length > 0 && (most >= 1e8 || least < 1e-4 || ratio > 1000);
  const written = finite.map((value) => cut(shortest(value, dtype, inPowers), value, digits, inPowers));
  const places = Math.max(0, ...written.map((decimal) => placesOf(decimal, inPowers)));
  const powerDigits = Math.max(2, ...written.map(({ exponent }) => String(Math.abs(exponent)).length));
  const format = (value: number): string => {
    const sign = value < 0 || Object.is(value, -0) ? '-' : '';
    const size = Math.abs(value);
    const decimal = cut(shortest(size, dtype, inPowers), size, digits, inPowers);
    if (!inPowers) return sign + positional(decimal, places);
    const filled = decimal.digits.length > places ? decimal : rounded(size, places + 1);
    return sign + scientific(filled, powerDigits);
  };
  const texts = values.filter(Number.isFinite).map(format);
  return padded([...texts, ...values.filter((value) => !Number.isFinite(value)).map(special)], (value) =>
    Number.isFinite(value) ? format(value) : special(value),
  );
}

/** Aligns at the right, so that texts with the same number of places have their points in one column. */
function padded(texts: readonly string[], format: ElementFormat): ElementFormat {
  const width = texts.reduce((most, text) => Math.max(most, text.length), 0);
  return (value) => format(value).padStart(width);
}

function special(value: number): string {
  return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
}

/** d₁.d₂d₃…e+05. */
function scientific({ digits, exponent }: Decimal, powerDigits: number): string {
  const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(powerDigits, '0')}`;
  return `${digits[0]}.${digits.slice(1)}e${power}`;
}

/** The digits around the point. Missing places stay blank: 0.5 below 0.25 is `0.5 `. */
function positional({ digits, exponent }: Decimal, places: number): string {
  const whole = exponent < 0 ? '0' : digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = exponent < 0 ? '0'.repeat(-exponent - 1) + digits : digits.slice(exponent + 1);
  return `${whole}.${(digits === '0' ? '' : fraction).padEnd(places)}`;
}

/** How many digits stand behind the point. */
function placesOf({ digits, exponent }: Decimal, inPowers: boolean): number {
  if (digits === '0') return 0;
  return Math.max(0, digits.length - 1 - (inPowers ? 0 : exponent));
}

/** A value as it is written if the number of digits is not limited. */
function shortest(value: number, dtype: Dtype, inPowers: boolean): Decimal {
  const decimal = shortestDigits(value, dtype);
  // Whole digits are exact: the float32 99895776 is not written 99895780.
  const whole = decimal.exponent + 1;
  return inPowers || decimal.digits.length >= whole ? decimal : trimmed(rounded(value, whole));
}

/** The fewest digits that are read back as the same value of this dtype. */
function shortestDigits(value: number, dtype: Dtype): Decimal {
  if (dtype === 'float64' || value === 0) return decimalOf(value.toExponential());
  for (let count = 1; count < 9; count++) {
    const decimal = rounded(value, count);
    if (Math.fround(Number(`${decimal.digits}e${decimal.exponent - count + 1}`)) === value) return trimmed(decimal);
  }
  return trimmed(rounded(value, 9));
}

/** At most `digits` digits behind the point, rounded from the value itself and not from its shortest form. */
function cut(decimal: Decimal, value: number, digits: number, inPowers: boolean): Decimal {
  if (placesOf(decimal, inPowers) <= digits) return decimal;
  const count = digits + 1 + (inPowers ? 0 : decimal.exponent);
  if (count >= 1) return trimmed(rounded(value, count));
  // No digit of the value is left. It is nearer to 0 or to one unit of the last place.
  const up = count === 0 && decimalOf(value.toExponential(60)).digits > '5'.padEnd(61, '0');
  return up ? { digits: '1', exponent: decimal.exponent + 1 } : { digits: '0', exponent: 0 };
}

/** The value rounded to a number of significant digits, halves to the even digit. */
function rounded(value: number, count: number): Decimal {
  const decimal = decimalOf(value.toExponential(count - 1));
  const last = Number(decimal.digits[count - 1]);
  // toExponential rounds halves up. The digit before is the even one.
  if (last % 2 === 0 || !isHalf(value, count - 1 - decimal.exponent)) return decimal;
  return { ...decimal, digits: `${decimal.digits.slice(0, -1)}${last - 1}` };
}

/** Whether the value lies in the middle between two numbers with so many decimal places. */
function isHalf(value: number, places: number): boolean {
  if (places < 0) {
    const unit = 10n ** BigInt(-places);
    return Number.isInteger(value) && (BigInt(value) * 2n) % (2n * unit) === unit;
  }
  // v · 10ᵖ · 2 is an odd integer only if v · 2ᵖ · 2 is one, and that product is exact.
  return Math.abs((value * 2 ** (places + 1)) % 2) === 1;
}

function decimalOf(exponential: string): Decimal {
  const [mantissa, exponent] = exponential.split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/** Without the zeros at the end. */
function trimmed({ digits, exponent }: Decimal): Decimal {
  return { digits: digits.replace(/(?<=.)0+$/, ''), exponent };
}
