import { checkCode } from './check.js';
import type { Exercise, Settings } from './exercise.js';

/** A request to check code. The answer carries the same number. */
export interface CheckRequest {
  number: number;
  code: string;
  exercise: Pick<Exercise, 'kind' | 'right'>;
  settings: Settings;
}

addEventListener('message', ({ data }: MessageEvent<CheckRequest>) => {
  const { number, code, exercise, settings } = data;
  postMessage({ number, result: checkCode(code, exercise, settings) });
});
postMessage({ number: 0 });
