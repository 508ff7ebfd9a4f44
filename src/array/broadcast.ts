import { assertArray, assertSizes, shapeText } from './checks.js';
import { ShapeError } from './errors.js';
import { view } from './memory.js';
import type { NdArray, Shape } from './types.js';

/**
 * NumPy's broadcasting: shapes are aligned at their last axis, and an axis that is missing or has size 1 is
 * repeated to match the other shape. This costs no memory: an axis of stride 0 reads the same element again.
 * https://numpy.org/doc/stable/user/basics.broadcasting.html
 */

/**
 * The shape that the given shapes broadcast to.
 *
 * @throws ShapeError when two sizes along an axis differ and neither is 1
 */
export function broadcastShapes(...shapes: Shape[]): number[] {
  for (const shape of shapes) assertSizes('broadcastShapes', shape);
  return commonShape('broadcastShapes', shapes);
}

/** `broadcastShapes`, with errors that begin with the name of another call. */
export function commonShape(call: string, shapes: readonly Shape[]): number[] {
  const dimension = Math.max(0, ...shapes.map((shape) => shape.length));
  const out: number[] = Array(dimension).fill(1);
  for (const shape of shapes) {
    const lead = dimension - shape.length;
    for (let axis = 0; axis < shape.length; axis++) {
      const size = shape[axis];
      if (size === 1 || size === out[lead + axis]) continue;
      if (out[lead + axis] !== 1) {
        throw new ShapeError(`${call}: shapes ${shapes.map(shapeText).join(' and ')} do not broadcast`);
      }
      out[lead + axis] = size;
    }
  }
  return out;
}

/**
 * A read-only view of `x` with a larger shape. Repeated axes have stride 0.
 *
 * @param shape has at least as many axes as `x`, and is aligned with it at the last one
 * @throws ShapeError when `x` does not broadcast to `shape`
 */
export function broadcastTo(x: NdArray, shape: Shape): NdArray {
  assertArray('broadcastTo', 'x', x);
  assertSizes('broadcastTo', shape);
  const lead = shape.length - x.shape.length;
  const fits = lead >= 0 && x.shape.every((size, axis) => size === 1 || size === shape[lead + axis]);
  if (!fits) {
    throw new ShapeError(`broadcastTo: shape ${shapeText(x.shape)} does not broadcast to ${shapeText(shape)}`);
  }
  const stride = shape.map((_, axis) => (axis < lead || x.shape[axis - lead] === 1 ? 0 : x.stride[axis - lead]));
  return view(x.data, shape, stride, x.offset);
}
