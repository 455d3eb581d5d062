/** Why the system could not write: in words, since codes say nothing to most people. */

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'there is something else in its place',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'there is no permission to write there',
  EPERM: 'the system does not allow it',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  EFBIG: 'the disk does not allow files of that size',
  EIO: 'the disk failed',
  EMFILE: 'this process has too many files open',
  EBUSY: 'another program holds it open',
};

/** A file or folder that could not be written; nothing that was there before has changed. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: string | undefined;
  /** As errors of the system have it: what a user can mend. */
  readonly syscall: string;

  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super(`${path} could not be written: ${reasonOf(cause)}.`, { cause });
    const { code, syscall = 'write' } = cause as NodeJS.ErrnoException;
    this.code = code;
    this.syscall = syscall;
  }
}

/** Whether the system said so, and no fault of the program. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/** `the disk is full (ENOSPC)` */
export function reasonOf(error: unknown): string {
  if (error instanceof FileError) return reasonOf(error.cause);
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? undefined : REASONS[code];
  return reason === undefined ? message : `${reason} (${code})`;
}
