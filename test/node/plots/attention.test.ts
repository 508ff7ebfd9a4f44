import { expect } from 'chai';
import { decode } from 'fast-png';
import { attentionSvg } from '../../../src/node/plots/attention.js';

describe('attentionSvg', () => {
  it('draws an image as it is, and lit where a map is large', () => {
    const shape = { channels: 1, height: 4, width: 4 };
    const pixels = Array(16).fill(200);
    const map = [
      [0, 1],
      [0, 1],
    ];
    const svg = attentionSvg([{ pixels, maps: [{ title: 'seen <here>', map }] }], shape, 'Where');
    const images = [...svg.matchAll(/href="data:image\/png;base64,([^"]+)"/g)].map(([, text]) => {
      const { data } = decode(Buffer.from(text, 'base64'));
      return Array.from({ length: 4 }, (_, x) => data[4 * x]); // the first row
    });
    expect(images[0]).to.deep.equal([200, 200, 200, 200]);
    // Pixel centers at −0.25, 0.25, 0.75 and 1.25 of the map, clamped to its own centers: 0, ¼, ¾, 1.
    expect(images[1]).to.deep.equal([40, 80, 160, 200]);
    expect(svg).to.include('seen &lt;here>');
  });
});
