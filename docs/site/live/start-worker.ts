/**
 * Starts a worker from the text of functions that are in the page already: the library's core and a script. A page in
 * a file system cannot load a worker from a file.
 */
export function startWorker(script: string, onMessage: (message: MessageEvent) => void): Worker {
  const body = (name: string) => String(Reflect.get(globalThis, name));
  const text = `globalThis.handgrad=(${body('handgradCore')})();(${body(script)})();`;
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.onmessage = onMessage;
  return worker;
}
