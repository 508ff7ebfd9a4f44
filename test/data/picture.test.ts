import { expect } from 'chai';
import { InputError } from '../../src/array/index.js';
import { fitPicture, resizePicture, withChannels } from '../../src/data/picture.js';
import { distance, grayPicture, resizedPictures } from '../support/pictures.js';

describe('pictures', () => {
  for (const { from, to } of resizedPictures) {
    const title = `resizePicture from ${from.width} × ${from.height} to ${to.width} × ${to.height} is within one level of PIL`;
    it(title, () => {
      const { bytes, ...shape } = resizePicture(from, to);
      expect(shape).to.deep.equal({ channels: to.channels, height: to.height, width: to.width });
      const { most, mean } = distance(bytes, to.bytes);
      expect(most).to.be.at.most(1);
      expect(mean).to.be.below(0.05); // the two round a tie differently
    });
  }

  it('resizePicture averages all pixels that a new pixel covers: a fine checkerboard becomes gray', () => {
    const bytes = Uint8Array.from({ length: 64 * 64 }, (_, i) => 255 * ((i + Math.floor(i / 64)) % 2));
    const { bytes: small } = resizePicture({ channels: 1, height: 64, width: 64, bytes }, { height: 4, width: 4 });
    expect(distance(small, new Uint8Array(16).fill(128)).most).to.be.at.most(2);
  });

  it('a picture that has its size and channels already is returned as it is', () => {
    expect(fitPicture(grayPicture.from, grayPicture.from)).to.equal(grayPicture.from);
  });

  it("withChannels makes gray of color with PIL's weights, and color of gray by repeating it", () => {
    expect(withChannels(grayPicture.from, 1)).to.deep.equal(grayPicture.to);
    const color = withChannels(grayPicture.to, 3);
    expect([...color.bytes]).to.deep.equal([...grayPicture.to.bytes, ...grayPicture.to.bytes, ...grayPicture.to.bytes]);
    expect(withChannels(color, 1)).to.deep.equal(grayPicture.to);
  });

  it('withChannels says what it cannot convert', () => {
    expect(() => withChannels(grayPicture.from, 2)).to.throw(
      InputError,
      'a picture with 3 channels cannot become one with 2',
    );
  });
});
