import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import { InputError, Random } from '../../../src/array/index.js';
import { decodePicture, readPicture } from '../../../src/node/data/read-picture.js';
import { distance, pictureBytes, pictureFiles, picturePath } from '../../support/pictures.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

/** A PNG file of one chunk after another, without a check of its checksums. */
function pngOf(width: number, height: number, data: Uint8Array, [depth, type, interlaced] = [8, 0, 0]): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, interlaced], 8);
  const chunk = (name: string, content: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    return Buffer.concat([length, Buffer.from(name, 'latin1'), content, Buffer.alloc(4)]);
  };
  const begin = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([begin, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array(0))]);
}

describe('readPicture', () => {
  const folder = temporaryFolders();

  for (const { name, picture } of pictureFiles) {
    it(`reads ${name} as PIL does`, async () => {
      const { bytes, ...shape } = await readPicture(picturePath(name));
      expect(shape).to.deep.equal({ channels: picture.channels, height: picture.height, width: picture.width });
      const { most, mean } = distance(bytes, picture.bytes);
      if (name.endsWith('.png')) expect(most).to.equal(0);
      // libjpeg rounds differently, and draws colors at half the resolution smoothly
      else if (name === 'half-chroma.jpg') expect(mean).to.be.below(6);
      else expect(most).to.be.at.most(4);
    });
  }

  it('tells the format by the content, not by the name', async () => {
    const path = join(folder(), 'photo.png');
    writeFileSync(path, pictureBytes('rgb.jpg'));
    expect((await readPicture(path)).channels).to.equal(3);
  });

  const refused: [what: string, bytes: Uint8Array, message: RegExp][] = [
    ['an empty file', new Uint8Array(0), /^x is empty, not a PNG or JPEG picture$/],
    ['a text', Buffer.from('hello, world'), /^x is a file of another kind, not a PNG or JPEG picture$/],
    ['a GIF', Buffer.from('GIF89a…'), /^x is a GIF file, not a PNG or JPEG picture$/],
    ['a WebP', Buffer.from('RIFF1234WEBPVP8 '), /^x is a WebP file, not a PNG or JPEG picture$/],
    ['a truncated PNG', pictureBytes('rgb.png').subarray(0, -20), /^x is an incomplete PNG file: its end is missing$/],
    ['a PNG that ends after its mark', pictureBytes('rgb.png').subarray(0, 8), /^x is an incomplete PNG file/],
    [
      'a truncated JPEG',
      pictureBytes('rgb.jpg').subarray(0, -300),
      /^x is an incomplete JPEG file: its end is missing$/,
    ],
    ['a JPEG that ends in its header', pictureBytes('rgb.jpg').subarray(0, 40), /^x is an incomplete JPEG file/],
    ['a PNG without rows', pngOf(0, 5, deflateSync(Buffer.alloc(0))), /^x is damaged: its size is 0 × 5 pixels$/],
    [
      'a PNG of a billion pixels',
      pngOf(100_000, 10_000, deflateSync(Buffer.alloc(10))),
      /^x is too large: 100000 × 10000 pixels, and 50 million is the limit$/,
    ],
    [
      'a PNG that inflates to more than its pixels',
      pngOf(10, 10, deflateSync(Buffer.alloc(50_000_000))),
      /^x is a damaged PNG file: it holds more than its size in pixels$/,
    ],
    ['a PNG with too few pixels', pngOf(10, 10, deflateSync(Buffer.alloc(90))), /^x is an incomplete PNG file/],
    ['a PNG with a wrong checksum', pngOf(2, 2, deflateSync(Buffer.alloc(6))), /^x is a damaged PNG file: .*CRC/i],
    [
      'an interlaced PNG of two colors',
      pngOf(2, 2, deflateSync(Buffer.alloc(6)), [1, 0, 1]),
      /^x is an interlaced PNG file of 1 bits per color; save it without interlacing$/,
    ],
  ];
  for (const [what, bytes, message] of refused) {
    it(`refuses ${what} with a sentence`, () => {
      expect(() => decodePicture(bytes, 'x')).to.throw(InputError, message);
    });
  }

  it('refuses a JPEG whose header claims more pixels than its bytes can hold', () => {
    const bytes = Uint8Array.from(pictureBytes('rgb.jpg'));
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    bytes.set([0x1b, 0x58, 0x1b, 0x58], frame + 5); // 7000 × 7000
    expect(() => decodePicture(bytes, 'x')).to.throw(
      InputError,
      `x is damaged: ${bytes.length} bytes cannot hold 7000 × 7000 pixels`,
    );
  });

  it('refuses a file that is not there, and a folder', async () => {
    for (const path of [join(folder(), 'none.png'), folder()]) {
      const error = await errorOf(() => readPicture(path));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.match(new RegExp(`^${path} cannot be read: `));
    }
  });

  it('reads a damaged file or refuses it with a sentence, within a second: 1,000 seeded changes', () => {
    const rng = new Random('damaged pictures');
    let refusals = 0;
    for (let n = 0; n < 1000; n++) {
      const { name } = pictureFiles[n % pictureFiles.length];
      const bytes = Uint8Array.from(pictureBytes(name));
      const changes = 1 + (n % 4);
      for (let k = 0; k < changes; k++) bytes[Math.floor(rng.next() * bytes.length)] = Math.floor(rng.next() * 256);
      const cut = n % 10 === 9 ? bytes.subarray(0, Math.floor(rng.next() * bytes.length)) : bytes;
      const begun = performance.now();
      try {
        const picture = decodePicture(cut, 'x');
        expect(picture.bytes.length).to.equal(picture.channels * picture.height * picture.width);
      } catch (error) {
        expect(error).to.be.instanceOf(InputError);
        expect(String(error)).to.match(/^InputError: x is /);
        refusals++;
      }
      expect(performance.now() - begun).to.be.below(1000);
    }
    expect(refusals).to.be.above(300);
  });
});
