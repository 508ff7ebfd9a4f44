import {
  assertArray,
  assertOptions,
  assertText,
  assign,
  astype,
  InputError,
  type NdArray,
  shapeText,
} from '../array/index.js';
import type { Layer } from '../layers/layer.js';
import { assertLayer, Module, namedArraysOf, type StateDict } from '../layers/module.js';
import { pytorchName } from '../layers/pytorch-names.js';

/** What `loadWeights` did with the arrays of a net. */
export interface WeightsReport {
  /** The paths of the arrays that were copied. */
  loaded: string[];
  /** The paths of the arrays of the last layer that were kept, because those of the file do not fit. */
  kept: string[];
}

/**
 * Copies weights of the same net, trained elsewhere, into a net: from a `.pth` or `.safetensors` file of PyTorch, or from
 * this library. The names may be those of `stateDict` or those of PyTorch. Values are converted to the dtypes of the net.
 *
 * The last layer with parameters, the classifier, is replaced: if the weights that the file has for it are missing or have
 * other shapes, because they tell other classes apart, it keeps its own. All other arrays have to fit. On an error, nothing
 * is copied.
 *
 * @param net any layer
 * @param dict the arrays by name
 * @param name the name of the file in an error message
 * @throws InputError that names the first array that is missing, unknown or of another shape
 */
export function loadWeights(net: Layer, dict: Readonly<StateDict>, name = 'the weights'): WeightsReport {
  assertLayer('loadWeights', net);
  assertOptions('loadWeights', dict);
  for (const [key, x] of Object.entries(dict)) assertArray('loadWeights', key, x);
  assertText('loadWeights', 'name', name);
  const found = canonical(dict);
  const own = namedArraysOf(net).map(([path, value]) => ({ path, value, key: pytorchName(path) }));
  const head = pytorchName(classifierOf(net)[0]);
  const isHead = (key: string) => key.startsWith(`${head}.`);
  const theirs = ({ path, key }: { path: string; key: string }): NdArray | undefined =>
    found.get(key) ?? found.get(path);
  const fits = ({ value, ...named }: (typeof own)[number]) => String(theirs(named)?.shape) === String(value.shape);
  const keepsHead = own.some((each) => isHead(each.key) && !fits(each));
  const wanted = own.filter(({ key }) => !(keepsHead && isHead(key)));
  const missing = wanted.filter((each) => !theirs(each)).map(({ key }) => key);
  const known = new Set(own.flatMap(({ path, key }) => [path, key]));
  const unknown = [...found.keys()].filter((key) => !known.has(key) && !(keepsHead && isHead(key)));
  if (missing.length > 0) throw new InputError(`${name} does not fit the net: it has no ${someOf(missing)}`);
  if (unknown.length > 0) throw new InputError(`${name} does not fit the net, which has no ${someOf(unknown)}`);
  for (const each of wanted) {
    const x = theirs(each);
    if (!x || fits(each)) continue;
    const shapes = `${shapeText(x.shape)}, and that of the net ${shapeText(each.value.shape)}`;
    throw new InputError(`${name} does not fit the net: ${each.key} has the shape ${shapes}`);
  }
  for (const each of wanted) {
    const x = theirs(each);
    if (x) assign(each.value, astype(x, each.value.dtype));
  }
  return {
    loaded: wanted.map(({ path }) => path),
    kept: own.filter((each) => !wanted.includes(each)).map(({ path }) => path),
  };
}

/** The child of a net that is the last one with parameters, and what its paths begin with. */
export function classifierOf(net: Layer): [path: string, layer: Layer] {
  const children = net instanceof Module ? net.children() : [];
  const last = children.filter(([, child]) => child.parameters().length > 0).at(-1);
  if (!last) throw new InputError('the net has no layer with parameters');
  return last;
}

/** Names as newer versions of PyTorch and torchvision write them, without the counters of batch norms. */
function canonical(dict: Readonly<StateDict>): Map<string, NdArray> {
  const keys = Object.keys(dict).filter((key) => !/(^|\.)num_batches_tracked$/.test(key));
  // A net in `DataParallel` has this before every name.
  const inModule = keys.every((key) => key.startsWith('module.'));
  return new Map(
    keys.map((key) => {
      const own = inModule ? key.slice('module.'.length) : key;
      // torchvision's files of 2017 have `denselayer1.norm.1.weight`.
      return [own.replace(/(\.denselayer\d+\.(?:norm|conv))\.(?=[12]\.)/, '$1'), dict[key]];
    }),
  );
}

function someOf(names: readonly string[]): string {
  return names.length > 1 ? `${names[0]} and ${names.length - 1} more` : names[0];
}
