/**
 * What the machine or its administrator does not allow, if an error says that: a full disk, too few file descriptors,
 * too little memory, Node's permission model. Such an error is no defect of this program.
 *
 * @returns the beginning of a sentence, or undefined for any other error
 */
export function limitOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ERR_ACCESS_DENIED') return "Node's permission model does not allow this";
  if (code === 'EMFILE' || code === 'ENFILE') return 'too many files are open; raise the limit with ulimit -n';
  if (code === 'ERR_WORKER_INIT_FAILED' || code === 'ERR_WORKER_OUT_OF_MEMORY' || code === 'EAGAIN')
    return 'the system starts no more threads; choose fewer with --threads';
  if (error instanceof RangeError && OUT_OF_MEMORY.test(error.message))
    return 'there is not enough memory; choose a smaller net or batch';
  return 'syscall' in error && code !== '' ? 'the system refuses it' : undefined;
}

/** What V8 and the wasm engine say when they get no memory. */
const OUT_OF_MEMORY =
  /Array buffer allocation failed|Invalid typed array length|Invalid array buffer length|of memory for this/;
