/** What a platform may have for this. The core knows neither the types of Node nor those of a browser. */
interface Platform {
  setImmediate?(callback: () => void): void;
  MessageChannel: new () => { port1: Port; port2: Port };
}

interface Port {
  onmessage: unknown;
  postMessage(message: null): void;
  close(): void;
}

/**
 * Lets timers, signals and the terminal do their work before a long computation goes on. Works in Node and in a
 * browser.
 */
export function yieldToEventLoop(): Promise<void> {
  const platform = globalThis as Partial<Platform>;
  return new Promise((resolve) => {
    if (platform.setImmediate) {
      platform.setImmediate(resolve);
    } else if (platform.MessageChannel) {
      // A browser delays nested timers by 4 ms, but not messages.
      const { port1, port2 } = new platform.MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    } else {
      resolve();
    }
  });
}
