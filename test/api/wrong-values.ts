import ndarray from 'ndarray';
import { array, type NdArray, Parameter, ReLU } from '../../src/index.js';

/** Values that are wrong for an argument, by what they are. */
export type WrongValues = Readonly<Record<string, unknown>>;

const nothing = { undefined, null: null };
const notObjects = { 'a number': 3, 'a string': 'abc', 'a boolean': true, 'a function': () => 1 };

/** An ndarray whose parts are changed as a slip would change them. */
function damaged(change: object): NdArray {
  return Object.assign(array([[1, 2]]), change);
}

const parameter = new Parameter('weight', array([1, 2]));

/** The kinds of arguments of the public functions, and values that none of them accepts. */
export const WRONG = {
  array: {
    ...nothing,
    ...notObjects,
    'an empty object': {},
    'nested lists': [[1, 2]],
    'a typed array': new Float32Array(4),
    integers: ndarray(new Int32Array(4), [2, 2]),
    'an ndarray without data': { shape: [2, 2], stride: [2, 1], offset: 0, dtype: 'float32', size: 4 },
    'an ndarray of strings': ndarray(['a', 'b'], [1, 2]),
    'memory that is too short': ndarray(new Float32Array(3), [2, 2]),
    'an offset that is no number': damaged({ offset: Number.NaN }),
    'a stride that is no number': damaged({ stride: [Number.NaN, 1] }),
    'a stride per axis too few': damaged({ stride: [1] }),
  },
  operand: {
    ...nothing,
    'a string': 'abc',
    'a boolean': true,
    'a function': () => 1,
    'an empty object': {},
    'nested lists': [[1, 2]],
    'a typed array': new Float32Array(4),
    integers: ndarray(new Int32Array(4), [2, 2]),
    'memory that is too short': ndarray(new Float32Array(3), [2, 2]),
  },
  memory: {
    ...nothing,
    ...notObjects,
    'an empty object': {},
    'nested lists': [[1, 2]],
    'an ndarray without data': { shape: [2, 2], stride: [2, 1], offset: 0, dtype: 'float32', size: 4 },
    'memory that is too short': ndarray(new Float32Array(3), [2, 2]),
  },
  indices: {
    ...nothing,
    ...notObjects,
    'an empty object': {},
    halves: [0.5],
    strings: ['a'],
    NaN: [Number.NaN],
  },
  shape: {
    ...nothing,
    ...notObjects,
    'an empty object': {},
    'a negative size': [-2, 2],
    'half a size': [1.5, 2],
    strings: ['2', '2'],
    'more than a memory holds': [1e12],
    'more than a number holds': [1e200, 1e200],
  },
  newShape: { ...nothing, ...notObjects, 'half a size': [1.5, 4], strings: ['3', '2'], 'two unknown sizes': [-1, -1] },
  value: { null: null, 'a string': 'abc', 'a list': [1], 'an empty object': {}, 'a function': () => 1 },
  optionalNumber: { null: null, 'a string': 'abc', 'a list': [1], 'an empty object': {} },
  share: { ...nothing, 'a string': 'abc', 'an empty object': {}, NaN: Number.NaN, 'more than 1': 2 },
  count: {
    ...nothing,
    'a string': 'abc',
    'an empty object': {},
    'a half': 1.5,
    'a negative number': -1,
    NaN: Number.NaN,
    infinity: Number.POSITIVE_INFINITY,
  },
  size: {
    ...nothing,
    'a string': 'abc',
    'an empty object': {},
    zero: 0,
    'a half': 1.5,
    NaN: Number.NaN,
    'three sizes': [1, 1, 1],
  },
  index: { null: null, 'a string': 'abc', 'a half': 0.5, 'a number past the end': 9, NaN: Number.NaN },
  axis: { 'a string': 'abc', 'a half': 0.5, 'an axis that does not exist': 7, NaN: Number.NaN, 'a boolean': true },
  dtype: { 'another dtype': 'int32', 'a number': 3, 'an empty object': {} },
  function: { ...nothing, 'a number': 3, 'a string': 'abc', 'an empty object': {} },
  list: { 'a number': 3, 'a string': 'abc', 'an empty object': {}, halves: [0.5, 1], 'a list that is too short': [0] },
  range: { 'a number': 3, 'a string': 'abc', 'an empty object': {}, 'one end': [1], strings: ['a', 'b'] },
  arrays: { ...nothing, ...notObjects, 'an empty object': {}, 'no arrays': [], 'a list of numbers': [1, 2] },
  options: {
    null: null,
    'a number': 3,
    'a string': 'abc',
    'a boolean': true,
    'a list': [1],
    'a function': () => 1,
    'a misspelled option': { misspeled: 1 },
  },
  parts: { ...nothing, 'a number': 3, 'a string': 'abc', 'an empty object': {}, 'a list': [1] },
  flag: { null: null, 'a number': 1, 'a string': 'abc', 'an empty object': {} },
  text: { ...nothing, 'a number': 3, 'an empty object': {}, 'a list': ['abc'], 'a function': () => 1 },
  optionalText: { null: null, 'a number': 3, 'an empty object': {}, 'a list': ['abc'], 'a function': () => 1 },
  texts: { null: null, 'a number': 3, 'a string': 'abc', 'an empty object': {}, 'a list of numbers': [1, 2] },
  seed: { ...nothing, NaN: Number.NaN, 'an empty object': {}, 'a list': [1] },
  rng: { null: null, 'a number': 3, 'a string': 'abc', 'an empty object': {}, 'a function': Math.random },
  number: { ...nothing, 'a string': 'abc', 'a list': [1], 'an empty object': {}, 'a function': () => 1 },
  option: { null: null, 'a string': 'abc', 'a list': [1], 'an empty object': {}, NaN: Number.NaN },
  positive: { null: null, 'a string': 'abc', 'a list': [1], 'an empty object': {}, NaN: Number.NaN, zero: 0 },
  whole: { null: null, 'a string': 'abc', 'an empty object': {}, 'a half': 1.5, 'a negative number': -1 },
  name: { null: null, 'an unknown name': 'abc', 'a number': 3, 'an empty object': {} },
  bytes: { ...nothing, ...notObjects, 'an empty object': {}, 'a list': [1, 2], 'other numbers': new Float32Array(3) },
  optionalShape: { null: null, ...notObjects, 'an empty object': {}, 'a negative size': [-2], 'half a size': [1.5] },
  widths: { null: null, ...notObjects, 'an empty object': {}, 'half a width': [1.5], 'a width of 0': [0] },
  dictionary: { null: null, ...notObjects, 'a list': [1] },
  nested: {
    ...nothing,
    'a string': 'abc',
    'a boolean': true,
    'a function': () => 1,
    'an empty object': {},
    'lists of different lengths': [[1, 2], [3]],
    strings: ['1', '2'],
    'a list and a number': [1, [2]],
  },
  clip: { 'a string': 'abc', 'a list': [1], 'an empty object': {}, NaN: Number.NaN, zero: 0 },
  numbers: { ...nothing, ...notObjects, 'an empty object': {}, 'a list of texts': ['a', 'b'] },
  method: { ...nothing, ...notObjects, 'an empty object': {}, 'a list': [1] },
  optionalMethod: { null: null, ...notObjects, 'an empty object': {}, 'a list': [1] },
  optionalFunction: { null: null, 'a number': 3, 'a string': 'abc', 'an empty object': {} },
  imageShape: {
    ...nothing,
    ...notObjects,
    'an empty object': {},
    'no channels': { channels: 0, height: 2, width: 2 },
    'half a row': { channels: 1, height: 1.5, width: 2 },
    'a list': [3, 2, 2],
  },
  layer: { ...nothing, ...notObjects, 'an empty object': {}, 'a list of layers': [new ReLU()] },
  parameters: {
    ...nothing,
    ...notObjects,
    'an empty object': {},
    'a list of numbers': [1],
    'one twice': [parameter, parameter],
  },
} as const satisfies Record<string, WrongValues>;

/** The kind of an argument. */
export type Kind = keyof typeof WRONG;
