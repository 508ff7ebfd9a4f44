const KINDS: [what: string, ...start: number[]][] = [
  ['a NumPy .npy file, which holds one array', 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59],
  ['a zip archive, like .npz', 0x50, 0x4b],
  ['gzip data', 0x1f, 0x8b],
  ['an HDF5 file', 0x89, 0x48, 0x44, 0x46],
  ['a PNG picture', 0x89, 0x50, 0x4e, 0x47],
  ['a JPEG picture', 0xff, 0xd8, 0xff],
  ['a PDF', 0x25, 0x50, 0x44, 0x46],
  ['a web page', 0x3c, 0x21],
  ['a web page', 0x3c, 0x68, 0x74, 0x6d, 0x6c],
  ['JSON', 0x7b],
  ['a Python pickle', 0x80, 2],
  ['a Python pickle', 0x80, 3],
  ['a Python pickle', 0x80, 4],
  ['a Python pickle', 0x80, 5],
];

/** What the first bytes of a file say that it is, for an error about a file of the wrong kind. */
export function fileKind(bytes: Uint8Array): string | undefined {
  return KINDS.find(([, ...start]) => start.every((byte, i) => bytes[i] === byte))?.[0];
}

/** The end of an error about a file of the wrong kind: `: it is empty`, `: it begins like gzip data`, or ''. */
export function kindHint(bytes: Uint8Array): string {
  if (bytes.length === 0) return ': it is empty';
  const kind = fileKind(bytes);
  return kind === undefined ? '' : `: it begins like ${kind}`;
}
