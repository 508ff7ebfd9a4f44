/** A number with three digits, and with a minus sign that is as wide as a plus. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const digits = size < 1e-4 || size >= 1e5 ? power(size) : String(Number(size.toPrecision(3)));
  return (value < 0 ? '−' : '') + digits;
}

/** A number inside a product or a sum: in parentheses if it is negative. */
export function factor(value: number): string {
  return value < 0 ? `(${short(value)})` : short(value);
}

function power(size: number): string {
  const [mantissa, exponent] = size.toExponential(2).split('e');
  const raised = [...exponent.replace('+', '')].map((digit) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(digit)]).join('');
  return `${Number(mantissa)} · 10${raised}`;
}

/** Escapes text for HTML, also for attributes. */
export { escapeHtml } from '../html.js';
