import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCheck } from '../../src/cli/check-command.js';
import { withoutAliases } from '../../src/cli/flag-values.js';
import { CHECK_CASES } from '../../src/gradcheck/cases.js';
import { checkLayer, decodeNpz, ELU } from '../../src/index.js';
import { normal } from '../support/arrays.js';
import { realCifar10 } from '../support/cifar10.js';
import { handgrad, handgradHere } from '../support/command.js';
import { smallImages } from '../support/small-images.js';
import { temporaryFolders } from '../support/temporary.js';

// A small net, so that the whole test set is looked at in a moment.
const SHORT = [
  '--hidden',
  '8',
  '--max-steps',
  '30',
  '--eval-every',
  '20',
  '--batch-size',
  '50',
  '--learning-rate',
  '1e-3',
];

/** A short run on small images. */
function trainOn(cwd: string): string[] {
  return ['train', '--dataset', smallImages(cwd), ...SHORT];
}

describe('handgrad train and evaluate', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();

  before(async function () {
    await realCifar10(this);
  });

  it('write a run, print its results, and evaluate finds the same results', async () => {
    const cwd = newFolder();
    const trained = await handgrad(['train', ...SHORT, '--out', 'run'], cwd);
    expect(trained.stderr).to.equal('');
    expect(trained.code).to.equal(0);
    expect(readdirSync(join(cwd, 'run')).sort()).to.deep.equal([
      'config.json',
      'curves.svg',
      'history.json',
      'inputs.npz',
      'model.npz',
    ]);
    expect(trained.stdout).to.match(
      /^training 3072 → 8 → 10 \(elu\), 24,674 parameters, on 50,000 images; engine wasm on \d+ threads?, seed 42\n/,
    );
    expect(trained.stdout).to.match(/step 20\/30 {2}epoch 1 {2}train loss \d\.\d{4} accuracy 0\.\d{4} {2}test loss/);
    expect(
      trained.stdout.match(/^(airplane|automobile|bird|cat|deer|dog|frog|horse|ship|truck)( +\d+){11} %$/gm)?.length,
    ).to.equal(10);
    expect(trained.stdout).to.include(`curves: ${join(cwd, 'run', 'curves.svg')}`);

    const history = JSON.parse(readFileSync(join(cwd, 'run', 'history.json'), 'utf8'));
    expect(history.evaluations.map(({ step }: { step: number }) => step)).to.deep.equal([20, 30]);
    expect(history.firstLoss).to.be.closeTo(Math.log(10), 0.01);
    const config = JSON.parse(readFileSync(join(cwd, 'run', 'config.json'), 'utf8'));
    expect(config).to.deep.include({ dataset: 'cifar10', seed: 42, optimizer: 'sgd' });
    expect(config.model).to.deep.include({ name: 'mlp', hidden: [8] });
    expect(config.engine).to.equal('wasm');
    expect(config.engineVersion).to.match(/^WebAssembly with (relaxed )?SIMD$/);
    expect(config.threads).to.be.greaterThan(0);
    const model = decodeNpz(readFileSync(join(cwd, 'run', 'model.npz')));
    expect(Object.keys(model)).to.deep.equal(['layers.0.weight', 'layers.0.bias', 'layers.2.weight', 'layers.2.bias']);
    expect(model['layers.0.weight'].shape).to.deep.equal([8, 3072]);

    const evaluated = await handgrad(['evaluate', 'run', '--json'], cwd);
    const { testAccuracy, testLoss } = history.evaluations[1];
    expect(JSON.parse(evaluated.stdout)).to.deep.include({ testAccuracy, testLoss });
    expect(trained.stdout).to.include(`test accuracy ${testAccuracy.toFixed(4)} at step 30`);
  });

  it('give the same history.json and a byte-identical model.npz for the same seed, also with the course’s flags and on one thread', async () => {
    const cwd = newFolder();
    const train = trainOn(cwd);
    const course = [
      '--dnn_hidden_units',
      '8',
      '--max_steps=30',
      '--eval_freq',
      '20',
      '--batch_size',
      '50',
      '--learning_rate=1e-3',
    ];
    await handgrad([...train, '--out', 'a'], cwd);
    await handgrad(['train', '--dataset', smallImages(cwd), ...course, '--out', 'b'], cwd);
    await handgrad([...train, '--seed', '7', '--out', 'c'], cwd);
    const bytes = (run: string, file: string) => readFileSync(join(cwd, run, file));
    for (const file of ['history.json', 'model.npz']) {
      expect(Buffer.compare(bytes('a', file), bytes('b', file)), file).to.equal(0);
      expect(Buffer.compare(bytes('a', file), bytes('c', file)), file).not.to.equal(0);
    }
  });

  it('print one JSON document and nothing else with --json', async () => {
    const cwd = newFolder();
    const train = trainOn(cwd);
    const { code, stdout } = await handgrad([...train, '--out', 'run', '--norm', 'layer', '--json'], cwd);
    expect(code).to.equal(0);
    const document = JSON.parse(stdout);
    expect(document.out).to.equal(join(cwd, 'run'));
    expect(document.confusion.flat().reduce((a: number, b: number) => a + b)).to.equal(100);
    expect(document.testAccuracy).to.equal(document.history.evaluations.at(-1).testAccuracy);
    expect(document.config.model.norm).to.equal('layer');
  });

  it('accept every option of a recipe, and record it', async () => {
    const cwd = newFolder();
    const train = trainOn(cwd);
    const recipe =
      '--optimizer adamw --beta1 0.8 --weight-decay 0.1 --schedule cosine:0.1 --warmup 5 --clip-norm 1 --label-smoothing 0.1 --accumulate 2 --augment flip,shift:4,cutout:8,mixup:0.3';
    const { code, stdout } = await handgrad([...train, ...recipe.split(' '), '--out', 'run', '--json'], cwd);
    expect(code).to.equal(0);
    const { config, testLoss } = JSON.parse(stdout);
    expect(config).to.deep.include({
      optimizer: 'adamw',
      beta1: 0.8,
      beta2: 0.999,
      weightDecay: 0.1,
      schedule: 'cosine:0.1',
      warmup: 5,
      clipNorm: 1,
      labelSmoothing: 0.1,
      accumulate: 2,
      augment: 'flip,shift:4,cutout:8,mixup:0.3',
    });
    expect(config).not.to.have.any.keys('momentum', 'nesterov');
    expect(JSON.parse(readFileSync(join(cwd, 'run', 'config.json'), 'utf8'))).to.deep.include(config);
    expect(testLoss).to.be.lessThan(2.2);
    expect(JSON.parse((await handgrad(['evaluate', 'run', '--json'], cwd)).stdout).testLoss).to.equal(testLoss);
  });

  it('save the averaged weights of --average with their statistics, and evaluate uses them', async () => {
    const cwd = newFolder();
    const train = trainOn(cwd);
    const flags = '--norm batch --init kaiming --average 0.9 --out run --json'.split(' ');
    const { code, stdout } = await handgrad([...train, ...flags], cwd);
    expect(code).to.equal(0);
    const { config, testLoss } = JSON.parse(stdout);
    expect(config.average).to.equal(0.9);
    expect(JSON.parse((await handgrad(['evaluate', 'run', '--json'], cwd)).stdout).testLoss).to.equal(testLoss);
  });

  it('hold out training images with --validation, and evaluate on them instead of the test set', async () => {
    const cwd = newFolder();
    const train = trainOn(cwd);
    const { code, stdout } = await handgrad([...train, '--validation', '90', '--out', 'run'], cwd);
    expect(code).to.equal(0);
    expect(stdout)
      .to.include('on 210 images')
      .and.match(/confusion matrix of the validation set/)
      .and.match(/\nvalidation accuracy 0\.\d+ at step/)
      .and.not.include('test accuracy');
    expect(readFileSync(join(cwd, 'run', 'curves.svg'), 'utf8')).to.include('validation set');
    const evaluated = JSON.parse((await handgrad(['evaluate', 'run', '--json'], cwd)).stdout);
    expect(evaluated.confusion.flat().reduce((a: number, b: number) => a + b)).to.equal(100);
  });

  it('write into a new folder in runs/ by default, and overwrite a run only with --force', async () => {
    const cwd = newFolder();
    const train = trainOn(cwd);
    await handgrad(train, cwd);
    const [run] = readdirSync(join(cwd, 'runs'));
    expect(run).to.match(/^\d{8}-\d{6}-seed42$/);
    const again = await handgrad([...train, '--out', join('runs', run), '--force', '--seed', '3'], cwd);
    expect(again.code).to.equal(0);
    expect(JSON.parse(readFileSync(join(cwd, 'runs', run, 'config.json'), 'utf8')).seed).to.equal(3);
  });

  it('stop cleanly at Ctrl-C, save the results so far, and exit with code 130', async () => {
    const cwd = newFolder();
    const args = [
      ...['train', '--dataset', smallImages(cwd)],
      '--hidden',
      '8',
      '--max-steps',
      '100000',
      '--eval-every',
      '20',
      '--batch-size',
      '50',
      '--out',
      'run',
    ];
    const { code, stdout, stderr } = await handgrad(args, cwd, (child) => {
      child.stdout?.on('data', (chunk) => String(chunk).includes('step     40/') && child.kill('SIGINT'));
    });
    expect(stdout).to.include('stopping after this step; press Ctrl-C again to stop at once');
    expect(stderr).to.match(/handgrad: interrupted after step \d+/);
    expect(code).to.equal(130);
    const history = JSON.parse(readFileSync(join(cwd, 'run', 'history.json'), 'utf8'));
    expect(history.stopped.reason).to.equal('interrupted');
    expect(history.evaluations.length).to.be.greaterThan(1);
    expect(history.evaluations.at(-1).step).to.equal(history.stopped.step);
    expect(readdirSync(join(cwd, 'run')).sort()).to.deep.equal([
      'checkpoints',
      'config.json',
      'curves.svg',
      'history.json',
      'inputs.npz',
      'model.npz',
    ]);
  });

  it('stop if the loss is not finite, with a sentence and exit code 1', async () => {
    const cwd = newFolder();
    const train = trainOn(cwd);
    const { code, stderr } = await handgrad([...train, '--learning-rate', '1e30', '--out', 'run'], cwd);
    expect(stderr).to.match(
      /^handgrad: training stopped at step \d+: .*the first layer whose output is not finite is layers\.\d \(\w+\)\. A smaller learning rate may help\n$/,
    );
    expect(code).to.equal(1);
    expect(readdirSync(join(cwd, 'run')).sort()).to.deep.equal(['config.json', 'history.json', 'inputs.npz']);
  });
});

describe('handgrad data', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();

  it('verifies the cached set', async function () {
    await realCifar10(this);
    const { code, stdout } = await handgrad(['data', 'cifar10', '--json'], newFolder());
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({ fetched: false, train: 50_000, test: 10_000 });
    const words = await handgrad(['data', 'cifar10'], newFolder());
    expect(words.stdout).to.match(
      /^CIFAR-10 is complete and verified: 50,000 training images and 10,000 test images in \S+\n$/,
    );
  });
});

describe('handgrad check', () => {
  const newFolder = temporaryFolders();

  it('prints one row per array and exits with 0 if all pass', async () => {
    const { code, stdout } = await handgradHere(['check', 'linear', 'LayerNorm', '--shapes', '2'], newFolder());
    expect(code).to.equal(0);
    expect(stdout).to.match(/^layer +array +shape +worst at +analytic +numeric +difference +allowed\n/);
    expect(stdout).to.match(
      /^LayerNorm +dgamma +\(\d,\) +\[\d\] +-?[\d.e-]+ +-?[\d.e-]+ +\d\.\de[-+]\d+ +\d\.\de[-+]\d+ +pass$/m,
    );
    expect(stdout).not.to.include('Softmax');
    expect(stdout).to.match(/(\d+) of \1 gradients pass\n$/);
  }).timeout(20_000);

  it('covers every layer and loss, and prints one document with --json', async () => {
    const { code, stdout } = await handgradHere(['check', '--json', '--shapes', '1'], newFolder());
    expect(code).to.equal(0);
    const { passed, reports } = JSON.parse(stdout);
    expect(passed).to.equal(true);
    expect(reports.length).to.equal(CHECK_CASES.length);
  }).timeout(20_000);

  it('prints three values per array with --witness autodiff, of every layer and loss', async () => {
    const { code, stdout } = await handgrad(['check', 'layernorm', '--witness', 'autodiff'], newFolder());
    expect(code).to.equal(0);
    expect(stdout).to.match(/^layer +array +shape +worst at +analytic +tape +numeric +a − tape +a − numeric$/m);
    expect(stdout).to.match(
      /^LayerNorm +dgamma +\(\d+,\) +\[\d\] +(-?[\d.e-]+) +\1 +-?[\d.e-]+ +\d\.\de-1\d +\d\.\de-\d+ +pass$/m,
    );
    expect(stdout).to.match(/(\d+) of \1 gradients pass, each compared three ways\n$/);

    const all = await handgrad(['check', '--witness', 'autodiff', '--json'], newFolder());
    const { passed, witness, reports } = JSON.parse(all.stdout) as {
      passed: boolean;
      witness: string;
      reports: { rows: { witness: { name: string; value: number } }[] }[];
    };
    expect([all.code, passed, witness, reports.length]).to.deep.equal([0, true, 'autodiff', 3 * CHECK_CASES.length]);
    for (const row of reports.flatMap(({ rows }) => rows)) expect(row.witness.name).to.equal('tape');
  }).timeout(60_000);

  it('refuses a witness that it does not have', async () => {
    const { code, stderr } = await handgrad(['check', '--witness', 'torch'], newFolder());
    expect(code).to.equal(2);
    expect(stderr).to.include("option '--witness <name>' argument 'torch' is invalid. Allowed choices are autodiff.");
  });

  it('exits with 1 if an array fails, and names it', async () => {
    const layer = new ELU();
    const wrong = {
      name: 'elu',
      check: () =>
        checkLayer(
          {
            forward: (x) => layer.forward(x),
            backward: (dout) => dout,
            parameters: () => [],
            train: () => {},
            eval: () => {},
          },
          normal([2, 3], 1),
          { name: 'ELU' },
        ),
    };
    const written: string[] = [];
    const write = process.stdout.write;
    process.stdout.write = (chunk: string | Uint8Array) => Boolean(written.push(String(chunk)));
    let code: number;
    try {
      code = await runCheck([wrong], { shapes: 1, seed: 1, json: false });
    } finally {
      process.stdout.write = write;
    }
    expect(code).to.equal(1);
    expect(written.join('')).to.match(
      /ELU +dx .* FAIL\n[\s\S]*ELU: dx of shape \(2, 3\) FAILS; worst at[\s\S]*0 of 1 gradients pass: FAILED\n$/,
    );
  });
});

describe('the help', () => {
  const newFolder = temporaryFolders();

  it('is printed for the program and each command, with exit code 0', async () => {
    for (const args of [
      ['--help'],
      ['train', '--help'],
      ['check', '--help'],
      ['data', '--help'],
      ['evaluate', '--help'],
    ]) {
      const { code, stdout, stderr } = await handgradHere(args, newFolder());
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.match(/^Usage: handgrad/);
      for (const line of stdout.split('\n')) expect(line.length, line).to.be.lessThan(125);
    }
    const { stdout } = await handgradHere(['train', '--help'], newFolder());
    for (const shown of [
      '(default: 100)',
      '0.001',
      '1400',
      '200',
      '"elu"',
      '"none"',
      '"sgd"',
      'normal:1e-4',
      '42',
      '"auto"',
    ])
      expect(stdout).to.include(shown);
  }).timeout(20_000);

  it('prints the version', async () => {
    const { stdout } = await handgrad(['--version'], newFolder());
    expect(stdout).to.equal(`${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`);
  });
});

describe('the course’s flag names', () => {
  it('are aliases of ours, with a value after a space or an equals sign', () => {
    expect(withoutAliases(['train', '--learning_rate', '1', '--data_dir=a=b', '--seed', '2'])).to.deep.equal([
      'train',
      '--learning-rate',
      '1',
      '--data-dir=a=b',
      '--seed',
      '2',
    ]);
  });
});
