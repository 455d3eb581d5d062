/**
 * All that a cell prints, in a file, where the document holds only the beginning and the end. The files are the
 * user's own, lie in the temporary folder, and go with the kernel.
 */
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What is held in memory before there is a file. */
const SMALL = 64 * 1024;
const PIECE = 64 * 1024;
/** Bytes of one file, and how many files there are: those of the oldest cells go. */
const LARGEST = 128 * 1024 * 1024;
const MOST_FILES = 8;
const PREFIX = 'latentlab-output-';

export class Spool {
  private waiting: string[] = [];
  private waitingLength = 0;
  private file: SpoolFile | undefined;
  private closed = false;

  add(text: string): void {
    if (this.closed) return;
    this.waiting.push(text);
    this.waitingLength += text.length;
    if (this.waitingLength > (this.file ? PIECE : SMALL)) this.write();
  }

  /** Where all of it stands now; undefined if no file could be written. */
  settle(): string | undefined {
    this.write();
    return this.file?.name;
  }

  /** The cell has ended: one that printed little needs no file. */
  end(): void {
    if (this.file) this.write();
    else this.close();
  }

  private write(): void {
    if (this.closed || this.waitingLength === 0) return;
    const text = this.waiting.join('');
    this.waiting = [];
    this.waitingLength = 0;
    try {
      this.file ??= new SpoolFile();
      this.file.write(text);
    } catch {
      // No room, no folder: what the document holds is all that there is.
      this.file = undefined;
      this.close();
    }
  }

  private close(): void {
    this.closed = true;
    this.waiting = [];
    this.waitingLength = 0;
  }
}

class SpoolFile {
  readonly name: string;
  private readonly descriptor: number;
  private bytes = 0;
  private gone = false;

  constructor() {
    this.name = path.join(folder(), `output-${++count}.txt`);
    this.descriptor = openSync(this.name, 'wx', 0o600);
    files.push(this);
    if (files.length > MOST_FILES) files.shift()!.remove();
  }

  write(text: string): void {
    if (this.gone || this.bytes > LARGEST) return;
    const bytes = Buffer.from(text);
    this.bytes += bytes.length;
    writeSync(this.descriptor, bytes);
    if (this.bytes > LARGEST)
      writeSync(this.descriptor, `\n… more than ${LARGEST / 1024 / 1024} MB; the rest is left out.\n`);
  }

  private remove(): void {
    this.gone = true;
    closeSync(this.descriptor);
    rmSync(this.name, { force: true });
  }
}

const files: SpoolFile[] = [];
let count = 0;
let made: string | undefined;

/** This process's own, which nobody else can read. */
function folder(): string {
  if (made) return made;
  sweep();
  const own = mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
  process.on('exit', () => rmSync(own, { recursive: true, force: true }));
  return (made = own);
}

/** Kernels that were killed have left theirs. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
