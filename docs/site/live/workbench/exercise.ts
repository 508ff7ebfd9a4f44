/** Something to check in the editor. */
export interface Exercise {
  group: string;
  title: string;
  /** The name under which the grader knows mistakes of this layer. */
  kind: string;
  code: string;
  /** For a puzzle: the right code, whose forward a solution must keep. */
  right?: string;
  hint?: string;
}

/** How a layer is checked. */
export interface Settings {
  dout: 'random' | 'ones';
  dtype: 'float64' | 'float32';
  /** `kinks` sets a few inputs to 0. */
  inputs: 'normal' | 'kinks';
}

/** The comparison of one array. */
export interface ArrayResult {
  name: string;
  shape: number[];
  analytic: number[];
  numeric: number[];
  passed: boolean;
  /** The largest difference, where it is, and how large it may be. */
  error: number;
  allowed: number;
  index: number[];
  worst: [analytic: number, numeric: number];
  /** What the grader would say. */
  diagnosis?: string;
}

/** The result of a check. */
export interface Result {
  layer: string;
  passed: boolean;
  arrays: ArrayResult[];
  /** Sentences: wrong shapes, changed inputs, kinks. */
  remarks: string[];
  /** The error of dx for steps h of different length. */
  curve: { step: number; error: number }[];
  /** Why there is nothing to compare: an error of the code. */
  failure?: string;
}
