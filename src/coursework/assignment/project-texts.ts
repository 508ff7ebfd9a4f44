import type { TaskFile } from '../task.js';

/** The texts of a project: its README with the questions, and the script that trains the finished network. */

const TITLES: Readonly<Record<string, string>> = {
  mlp: 'A multi-layer perceptron, by hand',
  activations: 'Activations, by hand',
  layernorm: 'Layer normalization, by hand',
  batchnorm: 'Batch normalization, by hand',
  norms: 'Four normalizations, by hand',
  conv: 'Convolution and pooling, by hand',
  convnet: 'A convolutional net, by hand',
  losses: 'Losses, by hand',
};

/** The README of a project. */
export function readmeOf(name: string, files: readonly TaskFile[]): string {
  const tasks = files.flatMap((file) => file.tasks.map((task) => ({ ...task, path: `src/${file.id}.ts` })));
  const total = tasks.reduce((sum, { points }) => sum + points, 0);
  const trains = trainingModel(files) !== undefined;
  const asked = files.filter((file) => file.tasks.length > 0);
  const given = files.filter((file) => file.tasks.length === 0);
  const names = asked.map(({ exports }) => `\`${exports}\``).join(', ');
  return `# ${TITLES[name] ?? 'Backpropagation, by hand'}

You implement ${names} with NumPy-style functions on arrays. There is no automatic differentiation: derive every gradient on paper
first.

\`\`\`
npm install
npm test                 # grade every task, and explain each wrong result
npm test -- --only ${asked[0].id}   # grade one file, or one task
npm run watch            # grade again after every change
\`\`\`

The functions you need are exported by \`handgrad\`: \`add subtract multiply divide matmul transpose sum mean max exp log map zipWith\`
and more. Your editor lists them with their documentation. Arrays have a \`shape\`. A function changes an array only if its name
ends in \`InPlace\`. The package also contains the layers. Do not import a layer that is one of your tasks, or a function that computes it: the
grader refuses it.${given.map(({ id, uses }) => ` \`src/${id}.ts\` is complete; it uses your \`src/${uses?.[0]}.ts\`.`).join('')}

## 1. Derive

${asked.map(derivation).join('\n')}

Write every line with its indices. Ask for each variable: through which outputs does it affect the loss? Sum over exactly those.

## 2. Implement

| task | points | file | what to do |
|---|---|---|---|
${tasks.map(({ id, points, path, statement }) => `| \`${id}\` | ${points} | \`${path}\` | ${statement} |`).join('\n')}
| | **${total}** | | |

A body that you have to write throws \`NotImplementedError\`. \`forward\` stores what \`backward\` needs in a field. \`backward\` takes
dL/dout, **adds** dL/dparameter to the \`grad\` of each parameter, and returns dL/dx. Neither may change its arguments.
Each task is graded with right versions of the files that it builds on, so one mistake costs one task.

## 3. Check

\`npm test\` compares your arrays with right ones. For a wrong gradient it shows the worst element: your value (analytic) and the value
measured by finite differences (numeric). It also says what the mistake could be. Why does the check use a random upstream gradient,
and not all ones? What would all ones show for a wrong softmax gradient? Why does it use float64, and why a step of 1e-5?
${trains ? TRAIN : ''}
## ${trains ? 5 : 4}. Report

Write two pages: your derivations, what went wrong and how the check showed it${trains ? ', and the curves and numbers of section 4' : ''}. Say what you
would try next, and why.
`;
}

function derivation({ exports, tasks }: TaskFile): string {
  const backward = tasks.some(({ id }) => id.endsWith('.backward'));
  return backward
    ? `- \`${exports}\`: start from the forward equation (in the comment above the class). Derive dL/dx, and the gradient of each parameter if there are any.`
    : `- \`${exports}\`: write down what it computes, with the shape of every array.`;
}

const TRAIN = `
## 4. Train

\`npm run train\` runs \`train.ts\`, which trains your own network on CIFAR-10 (139 MB, downloaded once). Before you run it: which first loss
do you expect for ten classes and small weights, and why? Then make one change at a time. What happens with twice the learning rate,
with half of it, and with a wider network? When do training and test accuracy start to differ?
`;

/** The network of an assignment that can be trained. */
export function trainingModel(files: readonly TaskFile[]): 'mlp' | 'convnet' | undefined {
  return (['mlp', 'convnet'] as const).find((model) => files.some(({ id }) => id === model));
}

/** A model in a training script: how to make it, how it learns, and what it takes. */
const TRAINED = {
  mlp: {
    exports: 'MLP',
    model: 'new MLP({ inputs: 3072, hidden: [100], classes: 10, rng })',
    optimizer: 'SGD',
    learningRate: '1e-3',
    steps: 1400,
    batch: 200,
    rows: true,
  },
  convnet: {
    exports: 'ConvNet',
    model: 'new ConvNet({ channels: 3, classes: 10, widths: [8, 16, 32, 64, 64], rng })',
    optimizer: 'Adam',
    learningRate: '1e-3',
    steps: 500,
    batch: 32,
    rows: false,
  },
};

/** A script that trains the student's network, made of the student's own files. */
export function trainingScript(files: readonly TaskFile[], name: 'mlp' | 'convnet'): string {
  const { exports, model, optimizer, learningRate, steps, batch, rows } = TRAINED[name];
  const own = new Set(files.map(({ id }) => id));
  const step = own.has('train-step') ? "import { trainStep } from './src/train-step.js';\n" : '';
  const accuracy = own.has('accuracy') ? "import { accuracy } from './src/accuracy.js';\n" : '';
  const library = [
    ...(own.has('accuracy') ? [] : ['accuracy']),
    'centered',
    ...(rows ? ['flattened'] : []),
    'loadCifar10',
  ];
  if (!own.has('train-step')) library.push('trainStep');
  const samples = (set: string) => (rows ? `flattened(centered(${set}, mean))` : `centered(${set}, mean)`);
  return `import { ${['Random', optimizer].sort().join(', ')} } from 'handgrad';
import { ${library.join(', ')} } from 'handgrad/node';
${accuracy}import { ${exports} } from './src/${name}.js';
${step}
const STEPS = ${steps};
const BATCH = ${batch};

const { train, test } = await loadCifar10();
const mean = train.meanImage();
const rng = new Random(42);
const model = ${model};
const loss = model.loss();
const optimizer = new ${optimizer}(model.parameters(), { learningRate: ${learningRate} });

for (let step = 1, order = rng.permutation(train.count), at = 0; step <= STEPS; step++, at += BATCH) {
  if (at + BATCH > order.length) [order, at] = [rng.permutation(train.count), 0];
  const { x, targets } = ${samples('train')}.batch(order.subarray(at, at + BATCH));
  const value = trainStep(model, loss, optimizer, x, targets);
  if (step % ${steps > 1000 ? 100 : 50} === 0 || step === 1) console.log(\`step \${step}: training loss \${value.toFixed(4)}\`);
}

model.eval();
let right = 0;
for (let at = 0; at < test.count; at += 500) {
  const { x, targets } = ${samples('test')}.batch(Array.from({ length: 500 }, (_, i) => at + i));
  right += 500 * accuracy(model.forward(x), targets);
}
console.log(\`test accuracy \${(right / test.count).toFixed(4)}\`);
`;
}
