/** A submission that tries to get points without earning them, or to harm the grader. */
export interface Attack {
  name: string;
  /** The content of `src/linear.ts`. */
  linear?: string;
  /** More files, by their path from `src`. */
  files?: Record<string, string>;
  /** What the report must contain. */
  says?: RegExp;
  /** Seconds per task. Default: 1. */
  timeLimit?: number;
  /** Whether it opens a connection, which Node's permission model alone does not forbid. */
  network?: true;
  /** Points that are honestly earned, by task. */
  earns?: Readonly<Record<string, number>>;
  /** The files of the assignment. Default: linear. */
  assignment?: string;
  /** The tasks that are graded. Default: linear.backward, or all tasks of another assignment. */
  only?: readonly string[];
}

// The attacks are the text of programs. They use `any`: an attacker does not care about types, and the grader does not
// check them.

/** A Linear whose constructor runs some code, and whose forward and backward return their arguments. */
const running = (code: string, head = '') => `${head}
import { Parameter, zeros } from 'handgrad';
export class Linear {
  weight; bias;
  constructor(D: number, M: number) {
    this.weight = new Parameter('weight', zeros([M, D], 'float64'));
    this.bias = new Parameter('bias', zeros([M], 'float64'));
    ${code}
  }
  parameters() { return [this.weight, this.bias]; }
  forward(x: any): any { return x; }
  backward(dout: any): any { return dout; }
}`;

/** The same, but the code runs at import. */
const atImport = (code: string) => `${code}\n${running('')}`;

/** Gets a module of Node in the ways that need no import. */
const module = (name: string) =>
  `(process as any).getBuiltinModule?.('${name}') ?? (globalThis as any).require?.('${name}')`;

/** Reads a file and prints the result. */
const reading = (path: string) =>
  running(`const fs = ${module('node:fs')}; console.log('GOT ' + fs.readFileSync(${path}, 'utf8').slice(0, 20));`);

const FORGED = `'{"id":1,"value":null}\\n'.repeat(100)`;

/** A backward that works, by finite differences. */
const differentiating = (forward: string) => `
import { addInPlace, add, assign, copy, matmul, Module, type NdArray, Parameter, transpose, zeros, at, setAt, sum, multiply, subtract } from 'handgrad';
const run = (x: NdArray, w: NdArray, b: NdArray) => add(matmul(x, transpose(w)), b);
export class Linear extends Module {
  weight: Parameter; bias: Parameter; x!: NdArray;
  constructor(D: number, M: number) {
    super();
    this.weight = new Parameter('weight', zeros([M, D], 'float64'));
    this.bias = new Parameter('bias', zeros([M], 'float64'));
  }
  override parameters() { return [this.weight, this.bias]; }
  forward(x: NdArray) { this.x = x; return run(x, this.weight.value, this.bias.value); }
  backward(dout: NdArray) {
    const slope = (array: NdArray, i: number, j: number[]) => {
      const value = at(array, ...j); const h = 1e-5;
      const L = (v: number) => { setAt(array, j, v); const out = ${forward}; setAt(array, j, value); return sum(multiply(out, dout)); };
      return (L(value + h) - L(value - h)) / (2 * h);
    };
    const all = (array: NdArray) => {
      const out = zeros(array.shape, 'float64');
      const walk = (j: number[]): void => {
        if (j.length === array.shape.length) setAt(out, j, slope(array, 0, j));
        else for (let k = 0; k < array.shape[j.length]; k++) walk([...j, k]);
      };
      walk([]);
      return out;
    };
    addInPlace(this.weight.grad, all(this.weight.value));
    addInPlace(this.bias.grad, all(this.bias.value));
    const x = this.x;
    this.x = copy(x);
    const dx = all(this.x);
    this.x = x;
    return dx;
  }
}`;

/** An ELU that asks the engine for its functions. */
const byName = (call: string) => `import { astype, map, multiply, type NdArray } from 'handgrad';
export class ELU {
  alpha; x!: NdArray;
  constructor({ alpha = 1 } = {}) { this.alpha = alpha; }
  parameters() { return []; }
  forward(x: NdArray) { this.x = x; const name = 'elu'; return ${call}; }
  backward(dout: NdArray) { const { x } = this; const name = 'eluSlope'; return multiply(dout, ${call}); }
}`;

/** None may gain a point. A report that contains GOT would be a leak. */
export const ATTACKS: readonly Attack[] = [
  { name: 'an endless loop at import', linear: atImport('for (;;);'), says: /did not finish within/ },
  {
    name: 'an endless loop in forward',
    linear: running('').replace('return x;', 'for (;;);'),
    says: /did not finish within/,
  },
  {
    name: 'an endless chain of promises',
    linear: atImport(
      'const f = (): Promise<void> => Promise.resolve().then(f); void f(); await new Promise(() => {});',
    ),
    says: /did not finish within/,
  },
  {
    name: 'a memory bomb of objects',
    linear: running('const all: unknown[] = []; for (;;) all.push(new Array(1000).fill({}));'),
    says: /process ended|did not finish within/,
  },
  {
    name: 'a memory bomb of buffers',
    linear: running('const all: unknown[] = []; for (;;) all.push(new Uint8Array(5e7).fill(1));'),
    says: /allocation failed|process ended|did not finish within/,
  },
  {
    name: 'a fork bomb',
    linear: running(
      `const cp = ${module('node:child_process')}; for (;;) { cp.spawn('/bin/node', ['-e', 'for(;;);']); console.log('GOT a process'); }`,
    ),
  },
  {
    name: 'workers without end',
    linear: running(
      `const { Worker } = ${module('node:worker_threads')}; new Worker('for(;;);', { eval: true }); console.log('GOT a worker');`,
    ),
  },
  { name: 'process.exit(0) at import', linear: atImport('process.exit(0);'), says: /process ended/ },
  { name: 'process.exit(0) in forward', linear: running('process.exit(0);'), says: /process ended/ },
  { name: 'process.abort()', linear: running('process.abort();') },
  {
    name: 'killing its parent',
    linear: running('for (const pid of [process.ppid, 1, -1]) try { process.kill(pid, "SIGKILL"); } catch {}'),
  },
  {
    name: 'a forged report on stdout',
    linear: running(`console.log('{"tests":[],"score":100}'); console.log('all tests passed'); process.exit(0);`),
  },
  {
    name: 'forged answers on the wire',
    linear: running(`const fs = ${module('node:fs')}; fs.writeSync(3, ${FORGED});`),
  },
  { name: 'nonsense on the wire', linear: running(`const fs = ${module('node:fs')}; fs.writeSync(3, 'nonsense\\n');`) },
  {
    name: 'a flood on the wire',
    linear: running(`const fs = ${module('node:fs')}; const s = 'x'.repeat(60000); for (;;) fs.writeSync(3, s);`),
  },
  {
    name: 'a flood on stdout',
    linear: running(`const fs = ${module('node:fs')}; const s = 'x'.repeat(60000); for (;;) fs.writeSync(1, s);`),
  },
  { name: 'patching Math', linear: atImport('Math.abs = () => 0; Math.max = () => 0; Number.isFinite = () => true;') },
  {
    name: 'patching Array.prototype',
    linear: atImport(
      'Array.prototype.map = () => []; Array.prototype.every = () => true; Array.prototype.join = () => "";',
    ),
  },
  {
    name: 'patching JSON',
    linear: atImport('JSON.stringify = () => \'{"id":1,"score":100}\'; JSON.parse = () => ({});'),
  },
  {
    name: 'patching Float64Array and Buffer',
    linear: atImport(
      '(globalThis as any).Float64Array = class { constructor() { return new Proxy([], { get: () => 0 }); } }; Buffer.from = () => "" as any;',
    ),
  },
  {
    name: 'patching Object.is, defineProperty and Symbol.hasInstance',
    linear: atImport(
      'Object.is = () => true; Object.defineProperty = ((o: any) => o) as any; Object.defineProperty(Number, Symbol.hasInstance, { value: () => true });',
    ),
  },
  {
    name: 'patching the checker of the library',
    linear: "import * as h from 'handgrad';\n(h as any).checkLayer = () => ({ passed: true });\n" + running(''),
  },
  {
    name: 'patching Module and Parameter',
    linear:
      "import { Module, Parameter } from 'handgrad';\n(Module.prototype as any).backward = (d: any) => d; Object.defineProperty(Parameter.prototype, 'grad', { get: () => 0 });\n" +
      running(''),
  },
  {
    name: 'a reporter of its own in package.json',
    files: { '../package.json': '{"scripts":{"test":"echo 100"},"handgrad":{"score":100}}' },
  },
  {
    name: 'an assignment.json that asks for nothing',
    files: { '../assignment.json': '{"files":["dropout"],"score":100}' },
  },
  {
    name: 'a postinstall script',
    files: {
      '../package.json':
        '{"scripts":{"postinstall":"touch /tmp/handgrad-was-here","preinstall":"touch /tmp/handgrad-was-here"}}',
    },
  },
  {
    name: 'a handgrad of its own in node_modules',
    files: {
      'node_modules/handgrad/index.js': 'export class Linear {}',
      '../node_modules/handgrad/index.js': 'export class Linear {}',
    },
  },
  {
    name: 'importing the solution by name',
    linear: "export { Linear } from 'handgrad';",
    says: /That is a task of this assignment/,
  },
  {
    name: 'importing the solution by star',
    linear: "import * as h from 'handgrad';\nexport const Linear = (h as any).Linear ?? (h as any).default?.Linear;",
  },
  {
    name: 'importing the solution by path',
    linear: "export { Linear } from '../../../../lib/layers/linear.js';",
    says: /not from/,
  },
  {
    name: 'importing the solution by a computed path',
    linear: "const { Linear } = await import('/' + 'tmp' + '/lib/layers/linear.js');\nexport { Linear };",
    says: /import\(\) is not allowed/,
  },
  {
    name: 'importing the solution through a MLP',
    linear:
      "import { MLP } from 'handgrad';\nexport const Linear = new MLP({ inputs: 1, hidden: [], classes: 2 }).layers[0].constructor;",
  },
  {
    name: 'importing a module of Node',
    linear: "import { readFileSync } from 'node:fs';\nreadFileSync('/etc/passwd');\n" + running(''),
    says: /not from 'node:fs'/,
  },
  { name: 'reading the rubric', linear: reading("'RUBRIC'") },
  { name: 'reading the hidden cases', linear: reading("'HIDDEN'") },
  { name: 'reading /etc/passwd', linear: reading("'/etc/passwd'") },
  { name: 'reading home', linear: reading("'HOME/.profile'") },
  { name: 'reading another submission', linear: reading("'OTHER/src/linear.ts'") },
  { name: 'reading the library’s solution as text', linear: reading("'LIBRARY/lib/layers/linear.js'") },
  { name: 'reading the memory of the marker', linear: reading("'/proc/' + process.ppid + '/environ'") },
  {
    name: 'listing the scratch folder of the marker',
    linear: running(`const fs = ${module('node:fs')}; console.log('GOT ' + fs.readdirSync('/tmp'));`),
  },
  {
    name: 'the environment',
    linear: running(
      "for (const key of Object.keys(process.env)) if (/SECRET|HOME|TOKEN|USER/.test(key)) console.log('GOT ' + key);",
    ),
  },
  {
    name: 'writing into the grader’s folder',
    linear: running(
      `const fs = ${module('node:fs')}; for (const path of ['LIBRARY/lib/index.js', 'RUBRIC', '/tmp/handgrad-was-here', './x']) try { fs.writeFileSync(path, ''); console.log('GOT to write ' + path); } catch {}`,
    ),
  },
  {
    name: 'a link to another file',
    linear: running(`const fs = ${module('node:fs')}; fs.symlinkSync('RUBRIC', './link'); console.log('GOT a link');`),
  },
  {
    name: 'opening a socket',
    network: true,
    linear: running(
      `const net = ${module('node:net')}; const s = net.connect(PORT, '127.0.0.1', () => console.log('GOT a connection')); s.on('error', () => {}); const end = Date.now() + 300; while (Date.now() < end);`,
    ),
  },
  {
    name: 'fetch',
    linear: running(
      "void (globalThis as any).fetch?.('http://127.0.0.1:PORT/').then(() => console.log('GOT an answer'));",
    ),
  },
  {
    name: 'a name server',
    linear: running(
      `const dns = ${module('node:dns')}; dns.lookup('example.org', (e: unknown) => { if (!e) console.log('GOT an address'); });`,
    ),
  },
  {
    name: 'loading native code',
    linear: running("(process as any).dlopen({ exports: {} }, '/lib/x.node'); console.log('GOT native code');"),
  },
  { name: 'process.binding', linear: running("(process as any).binding('fs'); console.log('GOT a binding');") },
  {
    name: 'NaN everywhere',
    linear:
      "import { map, zeros, Parameter } from 'handgrad';\nexport class Linear { w; b; constructor(D: number, M: number) { this.w = new Parameter('weight', zeros([M, D], 'float64')); this.b = new Parameter('bias', zeros([M], 'float64')); }\nparameters() { return [this.w, this.b]; }\nforward(x: any) { return map(zeros([x.shape[0], this.w.value.shape[0]], 'float64'), () => NaN); }\nbackward(d: any) { return map(zeros([d.shape[0], this.w.value.shape[1]], 'float64'), () => NaN); } }",
  },
  {
    name: 'getters that lie',
    linear: running('').replace(
      'return x;',
      'let n = 0; return new Proxy(x, { get: (t, k) => (k === "shape" ? [n++, 7] : k === "data" ? new Proxy([], { get: () => n++ }) : t[k]) });',
    ),
  },
  {
    name: 'an endless array',
    linear: running('').replace(
      'return x;',
      'return { shape: [1e9, 1e9], stride: [0, 0], offset: 0, data: new Float64Array(1), dtype: "float64", size: 1e18, get: () => 0 };',
    ),
  },
  {
    name: 'a toJSON that lies',
    linear: atImport(
      '(Object.prototype as any).toJSON = () => ({ score: 100 }); (String.prototype as any).toJSON = () => "passed";',
    ),
  },
  {
    name: 'errors that lie',
    linear: running(
      "const e = new Error('passed'); Object.defineProperty(e, 'name', { get: () => { throw 0; } }); throw e;",
    ),
  },
  {
    name: 'a comparison that is always true',
    linear: running('').replace(
      'return x;',
      'return { valueOf: () => ({ toString: () => "0" }), shape: { length: 2, every: () => true } };',
    ),
  },
  {
    name: 'numerical differentiation through forward',
    linear: differentiating('this.forward(this.x)'),
    says: /takes seconds/,
    timeLimit: 4,
  },
  {
    name: 'numerical differentiation through the forward of the class, uncounted',
    linear: differentiating('Linear.prototype.forward.call({ weight: this.weight, bias: this.bias }, this.x)'),
    says: /takes seconds/,
    timeLimit: 4,
  },
  {
    name: 'numerical differentiation of a copy of forward, as precise as the tolerance: it is seen, and has points',
    assignment: 'elu',
    files: {
      'elu.ts': `import { divide, map, multiply, subtract, type NdArray } from 'handgrad';
export class ELU {
  alpha; x!: NdArray;
  constructor({ alpha = 1 } = {}) { this.alpha = alpha; }
  parameters() { return []; }
  train() {} eval() {}
  h(v: number) { return v > 0 ? v : this.alpha * Math.expm1(v); }
  forward(x: NdArray) { this.x = x; return map(x, (v) => this.h(v)); }
  backward(dout: NdArray) {
    const above = map(this.x, (v) => this.h(v + 1e-5)); const below = map(this.x, (v) => this.h(v - 1e-5));
    return multiply(dout, divide(subtract(above, below), 2e-5));
  }
}`,
    },
    says: /elu.backward: the gradient has the precision of finite differences/,
    earns: { 'elu.forward': 5, 'elu.backward': 10 },
  },
  {
    name: 'numerical differentiation, number by number, of a large batch',
    linear: differentiating(
      '(() => { const { x } = this; const [N, M] = [x.shape[0], this.bias.value.shape[0]]; const out = zeros([N, M], "float64"); for (let n = 0; n < N; n++) for (let m = 0; m < M; m++) setAt(out, [n, m], at(x, n, 0) * at(this.weight.value, m, 0)); return run(x, this.weight.value, this.bias.value); })()',
    ),
    says: /takes seconds/,
    timeLimit: 4,
  },
  {
    name: 'the three products of a convolution, which are functions of the library',
    assignment: 'conv2d',
    files: {
      'conv2d.ts': `import { conv2d, type NdArray } from 'handgrad';
export class Conv2d { forward(x: NdArray) { return conv2d(x, x); } }`,
    },
    says: /imports conv2d from handgrad. That is a task of this assignment, or reveals one/,
  },
  {
    name: 'the functions and the layers of images, by star',
    assignment: 'conv',
    files: Object.fromEntries(
      [
        ['conv2d', 'Conv2d'],
        ['maxpool2d', 'MaxPool2d'],
        ['avgpool2d', 'AvgPool2d'],
      ].map(([id, name]) => [
        `${id}.ts`,
        `import * as h from 'handgrad';
const { conv2d, maxPool2d, avgPool2d, Conv2d, MaxPool2d, AvgPool2d, ConvNet } = h as any;
const found = [conv2d, maxPool2d, avgPool2d, Conv2d, MaxPool2d, AvgPool2d, ConvNet].filter(Boolean);
if (found.length > 0) console.log('GOT', found.length);
export class ${name} extends h.Module { forward(x: any) { return x; } backward(x: any) { return x; } }`,
      ]),
    ),
  },
  {
    name: 'average pooling by a convolution of the library',
    assignment: 'avgpool2d',
    files: {
      'avgpool2d.ts':
        "import { Conv2d } from 'handgrad';\nexport class AvgPool2d extends Conv2d { constructor(k: any, o: any) { super(1, 1, k, o); } }",
    },
    says: /imports Conv2d from handgrad/,
  },
  {
    name: 'numerical differentiation of a convolution',
    assignment: 'conv2d',
    files: {
      'conv2d.ts': `import { Parameter, at, copy, matmul, multiply, reshape, setAt, sum, transpose, unfold, zeros, type NdArray } from 'handgrad';
import { windowsOn } from 'handgrad/validation';
export class Conv2d {
  weight; bias; size; windows; x!: NdArray;
  constructor(C: number, O: number, size: [number, number], { stride, padding, bias }: any) {
    this.size = size; this.windows = { stride, padding };
    this.weight = new Parameter('weight', zeros([O, C, ...size], 'float64'));
    this.bias = bias ? new Parameter('bias', zeros([O], 'float64')) : undefined;
  }
  parameters() { return this.bias ? [this.weight, this.bias] : [this.weight]; }
  run(x: NdArray) {
    const [N, O] = [x.shape[0], this.weight.value.shape[0]];
    const { count } = windowsOn('run', x.shape, this.size, this.windows);
    const columns = transpose(unfold(x, this.size, this.windows), [1, 0, 2]);
    const out = matmul(reshape(this.weight.value, [O, -1]), reshape(columns, [columns.shape[0], -1]));
    return transpose(reshape(out, [O, N, ...count]), [1, 0, 2, 3]);
  }
  forward(x: NdArray) { this.x = x; return zeros(this.run(x).shape, 'float64'); }
  backward(dout: NdArray) {
    const [dx, moved] = [zeros(this.x.shape, 'float64'), copy(this.x)];
    const [N, C, H, W] = moved.shape;
    for (let n = 0; n < N; n++) for (let c = 0; c < C; c++) for (let p = 0; p < H; p++) for (let q = 0; q < W; q++) {
      const [place, value] = [[n, c, p, q], at(moved, n, c, p, q)];
      const loss = (v: number) => { setAt(moved, place, v); return sum(multiply(this.run(moved), dout)); };
      setAt(dx, place, (loss(value + 1e-5) - loss(value - 1e-5)) / 2e-5);
      setAt(moved, place, value);
    }
    return dx;
  }
}`,
    },
    only: ['conv2d.backward'],
    says: /takes seconds/,
    timeLimit: 10,
  },
  {
    name: 'a layer of the library that is the solution under another name',
    assignment: 'layernorm',
    files: {
      'layernorm.ts': `import { GroupNorm } from 'handgrad';
export class LayerNorm extends GroupNorm { constructor(features: number, options: object) { super(1, features, options); } }`,
    },
    says: /imports GroupNorm from handgrad. That is a task of this assignment, or reveals one/,
  },
  {
    name: 'the same by star',
    assignment: 'layernorm',
    files: {
      'layernorm.ts': `import * as h from 'handgrad';
const { GroupNorm } = h as any;
export class LayerNorm extends GroupNorm { constructor(features: number, options: object) { super(1, features, options); } }`,
    },
  },
  {
    name: 'a constant loss, of the size that a clamp gives',
    assignment: 'cross-entropy',
    files: {
      'cross-entropy.ts': 'export class CrossEntropy { forward() { return 20; } backward() { return 20; } }',
    },
  },
  {
    name: 'a dropout that drops everything',
    assignment: 'dropout',
    files: {
      'dropout.ts': `import { zeros } from 'handgrad';
export class Dropout { forward(x: any) { return zeros(x.shape, 'float64'); } backward(x: any) { return this.forward(x); } train() {} eval() {} parameters() { return []; } }`,
    },
  },
  {
    name: 'importing through eval',
    linear: atImport(
      "const fs = await eval(\"import('node:fs')\"); console.log('GOT ' + fs.readFileSync('/etc/passwd', 'utf8').slice(0, 20));",
    ),
    says: /Access to this API has been restricted/,
  },
  {
    name: 'writing over the rows in a terminal',
    linear: atImport("console.log('\\u001b[2A\\u001b[2K\\r\\u202e35 of 35 points');"),
    says: /35 of 35 points/,
  },
  {
    name: 'the same by an error and the name of a file',
    linear: running("throw new Error('\\u001b[2Jcleared');"),
    files: { 'a\u001b[2Jb.ts': 'export class {{{' },
    says: /cleared/,
  },
  {
    name: 'a message of ten million letters',
    linear: running("throw Object.assign(new Error('x'.repeat(1e7)), { name: 'y'.repeat(1e7) });"),
    says: /xxxxx/,
  },
  {
    name: 'signals and priorities of other processes',
    linear: running(
      `const os = ${module('node:os')}; const all = Array.from({ length: 2000 }, (_, i) => i + 1); for (const pid of all) for (const f of [() => (process as any).kill(pid, 'SIGKILL'), () => (process as any)._debugProcess(pid), () => os.setPriority(pid, 19)]) try { f(); console.log('GOT ' + pid); } catch {}`,
    ),
  },
  {
    name: 'text that no compiler survives',
    linear: `export const Linear = ${'('.repeat(50_000)}1${')'.repeat(50_000)};`,
  },
  { name: 'a file of a megabyte', linear: `// ${'x'.repeat(1_000_000)}\n`, says: /more than/ },
  { name: 'text that does not compile', linear: 'export class Linear {{{', says: /src\/linear\.ts:1/ },
  {
    name: 'the slope of ELU by its name in the engine',
    assignment: 'elu',
    files: { 'elu.ts': byName("map(astype(x, 'float32'), () => 0, { name, parameter: this.alpha })") },
  },
  {
    name: 'the same after the choice of another engine',
    assignment: 'elu',
    files: {
      'elu.ts': `import { setBackend } from 'handgrad';\nsetBackend('wasm');\n${byName("map(astype(x, 'float32'), () => 0, { name, parameter: this.alpha })")}`,
    },
  },
  {
    name: 'the softmax of rows by its name in the engine',
    assignment: 'softmax',
    files: {
      'softmax.ts': `import { astype, mapRows, type NdArray } from 'handgrad';
export class Softmax { parameters() { return []; } forward(x: NdArray) { return mapRows(astype(x, 'float32'), (rows) => rows, 'softmax'); } backward(dout: NdArray) { return dout; } }`,
    },
  },
  {
    name: 'a search of the library for a class that is the solution',
    linear: `import * as h from 'handgrad';
let found: any;
for (const [name, it] of Object.entries(h)) try { const layer = new (it as any)(3, 2, { dtype: 'float64' }); const [n, m] = layer.forward(h.ones([5, 3], 'float64')).shape; if (n === 5 && m === 2 && layer.parameters().length === 2) { console.log('GOT ' + name); found = it; } } catch {}
export const Linear = found;`,
  },
  {
    name: 'a search of the library for the function of an activation',
    assignment: 'elu',
    only: ['elu.forward'],
    files: {
      'elu.ts': `import * as h from 'handgrad';
const x = h.array([[-1, 2]], [1, 2], 'float64');
for (const [name, it] of Object.entries(h)) for (const f of [() => new (it as any)().forward(x), () => (it as any)(x)]) try { const y = f(); if (Math.abs(h.at(y, 0, 0) - Math.expm1(-1)) < 1e-6 && h.at(y, 0, 1) === 2) console.log('GOT ' + name); } catch {}
export class ELU { forward(x: any) { return x; } backward(d: any) { return d; } parameters() { return []; } }`,
    },
  },
  {
    name: 'the gradients of a convolution, which are those of a linear layer',
    linear: "import { conv2dWeightGradient } from 'handgrad';\nexport const Linear = conv2dWeightGradient;",
    says: /does not provide an export named 'conv2dWeightGradient'/,
  },
  {
    name: 'a convolution of images of one pixel, which is a linear layer',
    linear: "export { Conv2d as Linear } from 'handgrad';",
    says: /imports Conv2d from handgrad/,
  },
  {
    name: 'a norm of images, which is a norm of rows',
    assignment: 'layernorm',
    files: { 'layernorm.ts': "export { BatchNorm2d as LayerNorm } from 'handgrad';" },
    says: /imports BatchNorm2d from handgrad/,
  },
  {
    name: 'the numerical gradient of the library',
    linear: "import { numericalGradient } from 'handgrad';\nexport const Linear = numericalGradient;",
    says: /does not provide an export named 'numericalGradient'/,
  },
  {
    name: 'the automatic differentiation of the library',
    linear: "import * as tape from 'handgrad/autodiff';\nexport const Linear = tape;",
    says: /not from 'handgrad\/autodiff'/,
  },
  {
    name: 'the engine by its path in the package',
    linear: "import { wasm } from 'handgrad/lib/kernels/wasm.js';\nexport const Linear = wasm;",
    says: /not from 'handgrad\/lib/,
  },
  {
    name: 'the solution beside the library, by the address of the library',
    linear: atImport(
      "const home = import.meta.resolve('handgrad'); const { Linear: L } = await eval('import(' + JSON.stringify(String(new URL('./layers/linear.js', home))) + ')'); console.log('GOT ' + L);",
    ),
    says: /Cannot find module/,
  },
  {
    name: 'an engine beside the library, by the address of the library',
    linear: atImport(
      "const home = import.meta.resolve('handgrad'); const engine = await eval('import(' + JSON.stringify(String(new URL('./kernels/wasm.js', home))) + ')'); console.log('GOT ' + engine);",
    ),
    says: /Cannot find module/,
  },
  {
    name: 'the names of the files of the library',
    linear: running(
      `const fs = ${module('node:fs')}; const home = new URL('./layers', import.meta.resolve('handgrad')); if (fs.readdirSync(home).includes('linear.js')) console.log('GOT the file'); if (fs.existsSync(new URL('./kernels/wasm.js', home))) console.log('GOT an engine');`,
    ),
  },
  {
    name: 'a layer of the library under another name, by a file between',
    assignment: 'layernorm',
    files: {
      'between.ts': "export { GroupNorm as Norm } from 'handgrad';",
      'layernorm.ts':
        "import { Norm } from './between.js';\nexport class LayerNorm extends (Norm as any) { constructor(D: number, o: object) { super(1, D, o); } }",
    },
    says: /does not provide an export named 'GroupNorm'/,
  },
  {
    name: 'ReLU as an ELU with α = 0',
    assignment: 'relu',
    files: {
      'relu.ts':
        "import { ELU } from 'handgrad';\nexport class ReLU extends ELU { constructor() { super({ alpha: 0 }); } }",
    },
    says: /imports ELU from handgrad/,
  },
  {
    name: 'softmax by the loss that contains it',
    assignment: 'softmax',
    files: {
      'softmax.ts': "import { SoftmaxCrossEntropy } from 'handgrad';\nexport const Softmax = SoftmaxCrossEntropy;",
    },
    says: /imports SoftmaxCrossEntropy from handgrad/,
  },
  {
    name: 'a forward that works on its argument in place',
    assignment: 'relu',
    only: ['relu.forward'],
    files: {
      'relu.ts': `import { assign, maximum, type NdArray } from 'handgrad';
export class ReLU { parameters() { return []; } forward(x: NdArray) { assign(x, maximum(x, 0)); return x; } backward(d: NdArray) { return d; } }`,
    },
    says: /forward changes x/,
  },
  {
    name: 'an argmax and a sign for what is right at ±1000',
    assignment: 'tanh',
    files: {
      'tanh.ts': `import { sign, zerosLike, type NdArray } from 'handgrad';
export class Tanh { parameters() { return []; } forward(x: NdArray) { return sign(x); } backward(d: NdArray) { return zerosLike(d); } }`,
    },
  },
  {
    name: 'numerical differentiation with a step of 1, which is exact in a linear layer',
    linear: differentiating('run(this.x, this.weight.value, this.bias.value)').replace('h = 1e-5', 'h = 1'),
    says: /takes seconds/,
    timeLimit: 4,
  },
  {
    name: 'numerical differentiation with noise, and an error for the large batch',
    linear: differentiating('run(this.x, this.weight.value, this.bias.value)')
      .replace(
        'backward(dout: NdArray) {',
        "backward(dout: NdArray) { if (dout.shape[0] > 50) throw new Error('too large');",
      )
      .replace('(2 * h);', '(2 * h) + 2e-8 * (Math.random() - 0.5);'),
    says: /too large/,
    timeLimit: 4,
  },
  {
    name: 'a flood of 200,000 lines and an exit, beside a task that is right',
    assignment: 'relu,tanh',
    timeLimit: 3,
    files: {
      'relu.ts': `import { maximum, type NdArray } from 'handgrad';
setTimeout(() => process.exit(0), 1);
export class ReLU { parameters() { return []; } forward(x: NdArray) { for (let i = 0; i < 200_000; i++) console.log('a line'); process.exit(1); return maximum(x, 0); } backward(d: NdArray) { return d; } }`,
      'tanh.ts': `import { map, zipWith, type NdArray } from 'handgrad';
export class Tanh { y!: NdArray; parameters() { return []; } forward(x: NdArray) { return (this.y = map(x, Math.tanh)); } backward(d: NdArray) { return zipWith(d, this.y, (a, y) => a * (1 - y * y)); } }`,
    },
    earns: { 'tanh.forward': 5, 'tanh.backward': 5 },
  },
  {
    name: 'answers in advance, with the numbers of all requests',
    linear: running(
      `const fs = ${module('node:fs')}; for (let id = 1; id < 50; id++) fs.writeSync(3, JSON.stringify({ id, value: { $array: '', shape: [0] } }) + '\\n');`,
    ),
  },
  {
    name: 'an answer that is its own request',
    linear: running(
      `const fs = ${module('node:fs')}; process.stdin.on('data', (text: any) => { const { id, args } = JSON.parse(String(text).split('\\n')[0]); fs.writeSync(3, JSON.stringify({ id, value: args?.[0] ?? null }) + '\\n'); });`,
    ),
  },
  {
    name: 'an answer with a prototype',
    linear: running(
      `const fs = ${module('node:fs')}; fs.writeSync(3, '{"id":1,"__proto__":{"value":null,"score":100},"constructor":{"prototype":{"score":100}}}\\n');`,
    ),
  },
  {
    name: 'an answer of another shape than its bytes',
    linear: running(
      `const fs = ${module('node:fs')}; for (let id = 1; id < 50; id++) fs.writeSync(3, JSON.stringify({ id, value: { $array: 'AAAA', shape: [100000000, 100000000] } }) + '\\n');`,
    ),
  },
  {
    name: 'the end of its input and of its channel',
    linear: running(`const fs = ${module('node:fs')}; process.stdin.destroy(); fs.closeSync(3);`),
    timeLimit: 0.3,
  },
  {
    name: 'an object that is a promise',
    linear: running('(this as any).then = (f: any) => f({ forward: (x: any) => x, parameters: () => [] });'),
  },
  { name: 'an object that is a promise for ever', linear: running('(this as any).then = () => {};'), timeLimit: 0.3 },
  {
    name: 'a shape that throws',
    linear: running('').replace('return x;', 'return { get shape() { throw new Error("no"); } };'),
  },
  {
    name: 'an array of four million elements',
    linear: running('').replace('return x;', "return zeros([2000, 2000], 'float64');"),
    says: /It sent too much data/,
    timeLimit: 3,
  },
  {
    name: 'new parameters in every call',
    linear: running('').replace(
      'return [this.weight, this.bias];',
      "return [new Parameter('weight', zeros(this.weight.value.shape, 'float64')), new Parameter('bias', zeros(this.bias.value.shape, 'float64'))];",
    ),
  },
  {
    name: 'an end that never comes',
    linear: running("process.on('exit', () => { for (;;); }); process.on('beforeExit', () => { for (;;); });"),
  },
  {
    name: 'a rejection that nobody handles',
    linear: atImport("void Promise.reject(new Error('refused'));"),
    says: /process ended/,
  },
  {
    name: 'a handler for every error',
    linear: atImport(
      "process.on('uncaughtException', () => {}); process.on('unhandledRejection', () => {}); setTimeout(() => { throw new Error('x'); }, 1);",
    ),
  },
  {
    name: 'a sleep that no signal of its own ends',
    linear: running('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'),
    says: /did not finish within/,
    timeLimit: 0.3,
  },
  {
    name: 'clocks that stand still',
    linear: running('performance.now = () => 0; Date.now = () => 0; (process as any).hrtime = () => [0, 0]; for (;;);'),
    says: /did not finish within/,
    timeLimit: 0.3,
  },
  {
    name: 'a source map that is the rubric',
    linear: `${running("throw new Error('mapped');")}\n//# sourceMappingURL=file://RUBRIC`,
    says: /mapped/,
  },
  {
    name: 'an error with a stack of another file',
    linear: running("const e = new Error('moved'); e.stack = 'at /src/../../../etc/passwd.ts:1'; throw e;"),
    says: /moved/,
  },
  {
    name: 'a report of the process, and a picture of its memory',
    linear: running(
      `try { process.report.writeReport('/tmp/handgrad-was-here'); } catch {} try { (${module('node:v8')}).writeHeapSnapshot('/tmp/handgrad-was-here'); console.log('GOT a snapshot'); } catch {}`,
    ),
    timeLimit: 3,
  },
  {
    name: 'hooks for the modules that come later',
    linear: running(
      `(${module('node:module')}).register('data:text/javascript,export async function load() {}'); console.log('GOT hooks');`,
    ),
  },
];
