/** The few parts of ConvNetJS that the bench uses; the package has no types of its own. */
declare module 'convnetjs' {
  /** A volume: numbers `w`, and their gradient `dw`. */
  export class Vol {
    constructor(width: number, height: number, depth: number, value: number);
    w: Float64Array;
    dw: Float64Array;
  }
  export interface Layer {
    out_depth: number;
    layer_type: string;
    /** Of a fully connected layer: a volume for each neuron's weights, and one for the biases. */
    filters?: Vol[];
    biases?: Vol;
    forward(x: Vol, training: boolean): Vol;
    backward(label?: number): number | undefined;
    getParamsAndGrads(): unknown[];
  }
  export class Net {
    layers: Layer[];
    makeLayers(definitions: object[]): void;
    forward(x: Vol, training?: boolean): Vol;
  }
  export class Trainer {
    constructor(net: Net, options: { method: string; learning_rate: number; momentum: number; batch_size: number });
    train(x: Vol, label: number): { loss: number };
  }
  export class ConvLayer {
    constructor(options: { in_sx: number; in_sy: number; in_depth: number; sx: number; filters: number; pad: number });
    filters: Vol[];
    forward(x: Vol): Vol;
    backward(): void;
  }
  const convnetjs: { ConvLayer: typeof ConvLayer; Net: typeof Net; Trainer: typeof Trainer; Vol: typeof Vol };
  export default convnetjs;
}
