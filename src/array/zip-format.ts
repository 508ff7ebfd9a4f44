/**
 * The numbers of the zip format. An archive is a list of files, each after a local header; a directory with one entry
 * per file; and an end record that says where the directory is. An archive with more than 65,535 files or more than
 * 4 GB also has the end record of zip64. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */

export const SIGNATURE = {
  local: 0x04034b50,
  entry: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;

/** The lengths of the records in bytes, without names and extra fields. */
export const LENGTH = { local: 30, entry: 46, end: 22, end64: 56, locator64: 20 } as const;

/** The bit of the flags that says that a name is UTF-8. */
export const UTF8_FLAG = 0x800;

/** The bit of the flags that says that a file is encrypted. */
export const ENCRYPTED_FLAG = 1;

/** A field with this value refers to zip64. */
export const IN_ZIP64 = { short: 0xffff, long: 0xffffffff } as const;
