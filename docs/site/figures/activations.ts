import { array, at, ELU, GELU, type Layer, ReLU, Tanh } from '../../../src/index.js';
import { curve, linesSvg } from '../../../src/node.js';

const ACTIVATIONS: Readonly<Record<string, () => Layer>> = {
  ELU: () => new ELU(),
  ReLU: () => new ReLU(),
  Tanh: () => new Tanh(),
  GELU: () => new GELU(),
};

/** An activation and its derivative, both computed by the layer. */
export function activationFigure(name: string): Promise<string> {
  const layer = ACTIVATIONS[name]();
  const value = (x: number) => at(layer.forward(array([[x]], 'float64')), 0, 0);
  const slope = (x: number) => {
    layer.forward(array([[x]], 'float64'));
    return at(layer.backward(array([[1]], 'float64')), 0, 0);
  };
  const lines = [curve('forward', value, -4, 4, 401), curve('backward, with a dout of 1', slope, -4, 4, 401)];
  return linesSvg(lines, { title: `${name} and its derivative`, x: 'x', y: 'value', height: 320 });
}

/** The slopes of all activations. */
export function slopesFigure(): Promise<string> {
  const lines = Object.entries(ACTIVATIONS).map(([name, make]) => {
    const layer = make();
    const slope = (x: number) => {
      layer.forward(array([[x]], 'float64'));
      return at(layer.backward(array([[1]], 'float64')), 0, 0);
    };
    return curve(name, slope, -4, 4, 401);
  });
  return linesSvg(lines, {
    title: 'The slope of each activation',
    x: 'x',
    y: 'slope',
    height: 320,
  });
}
