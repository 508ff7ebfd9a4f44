import type { TaskFile } from '../task.js';

/** The words of a project: its README with the questions, and the script that trains the finished net. */

const TITLES: Readonly<Record<string, string>> = {
  mlp: 'A multi-layer perceptron, by hand',
  activations: 'Activations, by hand',
  layernorm: 'Layer normalisation, by hand',
  batchnorm: 'Batch normalisation, by hand',
  norms: 'Four normalisations, by hand',
  losses: 'Losses, by hand',
};

/** The README of a project. */
export function readmeOf(name: string, files: readonly TaskFile[]): string {
  const tasks = files.flatMap((file) => file.tasks.map((task) => ({ ...task, path: `src/${file.id}.ts` })));
  const total = tasks.reduce((sum, { points }) => sum + points, 0);
  const trains = files.some(({ id }) => id === 'mlp');
  const names = files.map(({ exports }) => `\`${exports}\``).join(', ');
  return `# ${TITLES[name] ?? 'Backpropagation, by hand'}

You write ${names} with NumPy-style functions on arrays, every gradient derived on paper first. Nothing differentiates for you.

\`\`\`
npm install
npm test                 # every task, with points, and what a wrong result looks like
npm test -- --only ${files[0].id}   # one file, or one task
npm run watch            # again after every change
\`\`\`

The functions you need are exported by \`handgrad\`: \`add subtract multiply divide matmul transpose sum mean max exp log map zipWith\`
and more; your editor lists them with their documentation. Arrays have a \`shape\`, and never change unless a function's
name ends in \`InPlace\`. The layers themselves are in there as well; a submission that imports one of its tasks is refused.

## 1. Derive

${files.map(derivation).join('\n')}

Give each line its indices. Ask of each variable: through which outputs does it reach the loss? Sum over just those.

## 2. Implement

| task | points | file | what |
|---|---|---|---|
${tasks.map(({ id, points, path, statement }) => `| \`${id}\` | ${points} | \`${path}\` | ${statement} |`).join('\n')}
| | **${total}** | | |

A body that is still to be written throws \`NotImplementedError\`. \`forward\` keeps in a field what \`backward\` needs; \`backward\` takes
dL/dout, **adds** dL/dparameter into each parameter's \`grad\`, and returns dL/dx. Neither changes its arguments.
A task is graded on right versions of the files it builds on, so one mistake costs one task.

## 3. Check

\`npm test\` holds your arrays against right ones: of a wrong gradient it shows the worst element, your value (analytic) and the one
measured by finite differences (numeric), and what the error looks like. Why is a random upstream gradient used, and not one of
ones? What would a wrong softmax gradient show with ones? Why float64, and why a step of 1e-5?
${trains ? TRAIN : ''}
## ${trains ? 5 : 4}. Report

Two pages: your derivations, what went wrong on the way and how the check told you${trains ? ', the curves and the figures of section 4' : ''}. Say what you
would try next, and why.
`;
}

function derivation({ exports, tasks }: TaskFile): string {
  const backward = tasks.some(({ id }) => id.endsWith('.backward'));
  return backward
    ? `- \`${exports}\`: from its forward equation (in the comment above the class) to dL/dx, and to the gradient of each parameter if it has any.`
    : `- \`${exports}\`: write down what it computes, with the shape of every array.`;
}

const TRAIN = `
## 4. Train

\`npm run train\` trains your own net on CIFAR-10 (139 MB, fetched once) with \`train.ts\`. Before it does: which first loss do you
expect of ten classes and small weights, and why? Then find out, one change at a time: what do twice and half the learning
rate do, what does a wider net? Where do training and test accuracy part?
`;

/** A script that trains the student's net, made of the student's own files. */
export function trainingScript(files: readonly TaskFile[]): string {
  const own = new Set(files.map(({ id }) => id));
  const step = own.has('train-step') ? "import { trainStep } from './src/train-step.js';\n" : '';
  const accuracy = own.has('accuracy') ? "import { accuracy } from './src/accuracy.js';\n" : '';
  const library = [...(own.has('accuracy') ? [] : ['accuracy']), 'centred', 'loadCifar10'];
  if (!own.has('train-step')) library.push('trainStep');
  return `import { Random, SGD } from 'handgrad';
import { ${library.join(', ')} } from 'handgrad/node';
${accuracy}import { MLP } from './src/mlp.js';
${step}
const STEPS = 1400;
const BATCH = 200;

const { train, test } = await loadCifar10();
const mean = train.meanImage();
const rng = new Random(42);
const model = new MLP({ inputs: 3072, hidden: [100], classes: 10, rng });
const loss = model.loss();
const optimizer = new SGD(model.parameters(), { learningRate: 1e-3 });

for (let step = 1, order = rng.permutation(train.count), at = 0; step <= STEPS; step++, at += BATCH) {
  if (at + BATCH > order.length) [order, at] = [rng.permutation(train.count), 0];
  const { x, targets } = centred(train, mean).batch(order.subarray(at, at + BATCH));
  const value = trainStep(model, loss, optimizer, x, targets);
  if (step % 100 === 0 || step === 1) console.log(\`step \${step}: training loss \${value.toFixed(4)}\`);
}

const everything = centred(test, mean).batch(Array.from({ length: test.count }, (_, i) => i));
console.log(\`test accuracy \${accuracy(model.forward(everything.x), everything.targets).toFixed(4)}\`);
`;
}
