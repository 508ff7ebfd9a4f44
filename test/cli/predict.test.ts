import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { encode } from 'fast-png';
import { encodeNpy, full } from '../../src/index.js';
import { handgrad } from '../support/command.js';
import { pictureBytes } from '../support/pictures.js';
import { temporaryFolders } from '../support/temporary.js';
import { tinyRun } from '../support/tiny-run.js';

/** A PNG file of one gray. */
const grayPng = (side: number, level: number) =>
  encode({ width: side, height: side, channels: 1, depth: 8, data: new Uint8Array(side * side).fill(level) });

describe('handgrad predict', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();

  /** A folder with a run that knows dark images (a), gray ones (b) and bright ones (c). */
  async function trained(): Promise<string> {
    const cwd = newFolder();
    const config = { model: { name: 'mlp' as const, hidden: [7] }, batchSize: 10, maxSteps: 30, evalEvery: 15 };
    expect((await tinyRun(join(cwd, 'run'), { config, every: 'none' })).stderr).to.equal('');
    return cwd;
  }

  it('prints a line per image, says once what was changed, and draws the images beside their classes', async () => {
    const cwd = await trained();
    mkdirSync(join(cwd, 'pictures'));
    for (const [name, bytes] of [
      ['image-10.png', grayPng(9, 200)],
      ['image-2.png', grayPng(4, 10)],
      ['photo.jpg', pictureBytes('rgb.jpg')],
      ['notes.txt', new Uint8Array(3)],
    ] as const)
      writeFileSync(join(cwd, 'pictures', name), bytes);
    writeFileSync(join(cwd, 'two.npy'), encodeNpy(full([2, 3, 4, 4], 200)));
    const { code, stdout, stderr } = await handgrad(['predict', 'run', 'pictures', 'two.npy', '--top', '2'], cwd);
    expect([code, stderr]).to.deep.equal([0, '']);
    const percent = '\\d+\\.\\d %';
    const picture = join(cwd, 'run', 'predictions.svg');
    expect(stdout.split('\n')).to.have.length(10);
    for (const [i, line] of [
      `^pictures/image-2\\.png: a ${percent}, [bc] ${percent}$`,
      `^pictures/image-10\\.png: c ${percent}, [ab] ${percent}$`,
      `^pictures/photo\\.jpg: [abc] ${percent}, [abc] ${percent}$`,
      `^two\\.npy \\[0\\]: c ${percent}, [ab] ${percent}$`,
      `^two\\.npy \\[1\\]: c ${percent}, [ab] ${percent}$`,
      '^pictures has 1 other entry, which was skipped$',
      '^2 of 3 pictures were resized to 4 × 4 pixels, 1 of them stretched to other proportions$',
      '^2 of 3 pictures were turned to color$',
      `^picture: ${picture}$`,
    ].entries())
      expect(stdout.split('\n')[i]).to.match(new RegExp(line));
    const svg = readFileSync(picture, 'utf8');
    expect(svg.match(/<image /g)).to.have.length(5);
    expect(svg).to.include('Predictions of MLP 7 trained on CIFAR-10').and.include('image-10.png');
  });

  it('classifies the others if a file cannot be used, and exits with 2', async () => {
    const cwd = await trained();
    writeFileSync(join(cwd, 'good.png'), grayPng(4, 10));
    writeFileSync(join(cwd, 'cut.png'), grayPng(4, 10).subarray(0, 40));
    writeFileSync(join(cwd, 'large.npy'), encodeNpy(full([3, 5, 5], 200)));
    const files = ['cut.png', 'none.png', 'large.npy', 'good.png'];
    const { code, stdout, stderr } = await handgrad(['predict', 'run', ...files, '--json', '--out', 'p.svg'], cwd);
    expect(code).to.equal(2);
    expect(stderr.split('\n')).to.deep.equal([
      'handgrad: cut.png is an incomplete PNG file: its end is missing',
      'handgrad: none.png cannot be read: there is no such file or folder (ENOENT)',
      'handgrad: large.npy has shape (3, 5, 5), and the net takes (3, 4, 4) or (N, 3, 4, 4)',
      'the picture was turned to color',
      '',
    ]);
    const { classes, predictions, failures, picture } = JSON.parse(stdout);
    expect(classes).to.deep.equal(['a', 'b', 'c']);
    expect(predictions).to.have.length(1);
    expect([predictions[0].file, predictions[0].name, predictions[0].label]).to.deep.equal(['good.png', 'a', 0]);
    expect(predictions[0].probabilities).to.have.length(3);
    expect(failures.map(({ file }: { file: string }) => file)).to.deep.equal(['cut.png', 'none.png', 'large.npy']);
    expect(picture).to.equal(join(cwd, 'p.svg'));
    expect(existsSync(picture)).to.equal(true);
  });

  it('inverts pictures and arrays with --invert', async () => {
    const cwd = await trained();
    writeFileSync(join(cwd, 'bright.png'), grayPng(4, 245));
    writeFileSync(join(cwd, 'bright.npy'), encodeNpy(full([3, 4, 4], 245)));
    const files = ['bright.png', 'bright.npy'];
    for (const [flags, name] of [
      [[], 'c'],
      [['--invert'], 'a'],
    ] as const) {
      const { stdout } = await handgrad(['predict', 'run', ...files, ...flags, '--json'], cwd);
      expect(JSON.parse(stdout).predictions.map((each: { name: string }) => each.name)).to.deep.equal([name, name]);
    }
  });

  it('refuses bad usage with one sentence, and writes nothing', async () => {
    const cwd = await trained();
    const refused = async (args: string[], message: string | RegExp) => {
      const { code, stdout, stderr } = await handgrad(['predict', ...args], cwd);
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(new RegExp(message));
      expect(existsSync(join(cwd, 'run', 'predictions.svg'))).to.equal(false);
    };
    await refused(['run'], "missing required argument 'images'");
    await refused(['none', 'a.png'], 'none/config.json cannot be read; a run folder holds config.json');
    await refused(['run', 'a.png', '--top', '0'], "option '--top <k>' argument '0' is invalid");
    await refused(['run', 'a.png', '--out', 'a.png'], "option '--out <file>' argument 'a.png' is invalid");
    await refused(['run', 'run'], 'run has no PNG, JPEG or .npy files');
    rmSync(join(cwd, 'run', 'inputs.npz'));
    const missing = 'run has no inputs.npz, which earlier versions did not write, so CIFAR-10 is needed';
    const { code, stderr } = await handgrad(['predict', 'run', 'a.png', '--data-dir', cwd], cwd);
    expect([code, stderr.includes(missing)]).to.deep.equal([2, true]);
  });
});
