import { max, type NdArray, reshape } from '../../array/index.js';
import type { ImageShape } from '../../data/augment/augmentation.js';
import type { Picture } from '../../data/picture.js';
import type { LoadedRun } from './load-run.js';

const [DARK, LIGHT] = [64, 191];

/** Counts what was done to the images of a user, and what looks like a mistake. */
export class ImageChanges {
  private pictures = 0;
  private resized = 0;
  private stretched = 0;
  private recolored = 0;
  private channelsLast = 0;
  private small = 0;
  private opposite = 0;
  /** The mean of the border of the training images. */
  private readonly usual: number;

  /** @param run what the net takes */
  constructor(private readonly run: Pick<LoadedRun, 'inputs' | 'sample'>) {
    const [channels, height, width] = run.sample;
    const flat = reshape(run.inputs.mean, [-1]);
    this.usual = run.sample.length === 3 ? borderMean((d) => flat.get(d), { channels, height, width }) : Number.NaN;
  }

  /** Counts an array (N, …) of samples. */
  array(x: NdArray, wasChannelsLast: boolean): void {
    if (wasChannelsLast) this.channelsLast++;
    if (x.shape.length === 4 && Number(max(x)) <= 1) this.small++;
  }

  /** Counts a picture, as it was given and as the net takes it. */
  picture(given: Picture, fitted: Picture): void {
    this.pictures++;
    if (given.height !== fitted.height || given.width !== fitted.width) this.resized++;
    if (given.height * fitted.width !== given.width * fitted.height) this.stretched++;
    if (given.channels !== fitted.channels) this.recolored++;
    const border = borderMean((d) => fitted.bytes[d], fitted);
    if ((this.usual < DARK && border > LIGHT) || (this.usual > LIGHT && border < DARK)) this.opposite++;
  }

  /** What a reader of the predictions should know. */
  sentences(inverted: boolean): string[] {
    const [channels, height, width] = this.run.sample;
    const ofAll = (count: number) => (this.pictures === 1 ? 'the picture' : `${count} of ${this.pictures} pictures`);
    const were = (count: number) => (count === 1 ? 'was' : 'were');
    const some = this.pictures === 1 ? ' and' : `, ${this.stretched} of them`;
    const stretched = this.stretched > 0 ? `${some} stretched to other proportions` : '';
    const [found, usual] = this.usual < DARK ? ['light', 'dark'] : ['dark', 'light'];
    return [
      this.resized > 0 &&
        `${ofAll(this.resized)} ${were(this.resized)} resized to ${width} × ${height} pixels${stretched}`,
      this.recolored > 0 &&
        `${ofAll(this.recolored)} ${were(this.recolored)} turned to ${channels === 1 ? 'gray' : 'color'}`,
      this.channelsLast > 0 && `arrays with channels last, (…, H, W, C), were transposed to (…, C, H, W)`,
      this.small > 0 && 'an array has no number above 1; the net takes pixels from 0 to 255: multiply by 255',
      this.opposite > 0 &&
        `${ofAll(this.opposite)} ${this.opposite === 1 ? 'has' : 'have'} a ${found} background, and the training images a ${usual} one; ` +
          `try ${inverted ? 'without' : 'with'} --invert`,
    ].filter((sentence) => sentence !== false);
  }
}

/** The mean of the outermost pixels. */
function borderMean(at: (d: number) => number, { channels, height, width }: ImageShape): number {
  let [total, count] = [0, 0];
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1);
      for (let x = 0; x < width; x += step, count++) total += at((c * height + y) * width + x);
    }
  }
  return total / count;
}
