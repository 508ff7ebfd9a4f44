import { expect } from 'chai';
import { handgradHere } from '../support/command.js';
import { temporaryFolders } from '../support/temporary.js';

describe('a command that runs in the process of its caller', () => {
  const newFolder = temporaryFolders();

  it('leaves the channel to the parent process as it is, so that the caller still gets messages', async () => {
    // The caller of this test may have no channel. This one stands for it.
    const { channel, connected } = Object.getOwnPropertyDescriptors(process);
    let released = 0;
    try {
      Object.defineProperty(process, 'channel', { value: { unref: () => released++ }, configurable: true });
      Object.defineProperty(process, 'connected', { value: true, configurable: true });
      const { code } = await handgradHere(['train', '--hidden', 'many'], newFolder());
      expect(code).to.equal(2);
      await handgradHere(['train', '--resume', 'nothing'], newFolder());
      expect(released).to.equal(0);
    } finally {
      for (const [name, descriptor] of Object.entries({ channel, connected })) {
        if (descriptor) Object.defineProperty(process, name, descriptor);
        else Reflect.deleteProperty(process, name);
      }
    }
  });
});
