/** What a Parquet file says of itself, checked against the file. */
import { open, type FileHandle } from 'node:fs/promises';
import { parquetMetadataAsync, parquetSchema } from 'hyparquet';
import type { FileMetaData, SchemaTree } from 'hyparquet';
import { DataError } from '../checkData';
import { textOf, unreadable } from '../files';
import { cut, listed } from '../words';
import type { ColumnChunk } from './pages';
import { kindOf, type ValueKind } from './values';

/** A column that samples can be made of. */
export interface ParquetColumn {
  name: string;
  kind: ValueKind;
  path: string[];
  maxDefinition: number;
  maxRepetition: number;
  /** Level from which on a list has an entry, missing or not. */
  entry: number;
}

export interface ParquetFile {
  name: string;
  file: string;
  rows: number;
  metadata: FileMetaData;
  /** Size of the file in bytes. */
  size: number;
  /** Names of all columns, and those that hold numbers, text or lists of them. */
  names: string[];
  columns: ReadonlyMap<string, ParquetColumn>;
}

/** @throws {DataError} when there is no such file, or it is not a complete Parquet file */
export async function openParquet(file: string, name: string): Promise<ParquetFile> {
  return withHandle(file, async (handle) => {
    const { size } = await handle.stat();
    const lead = await bytesAt(handle, 0, Math.min(size, 4));
    const tail = await bytesAt(handle, Math.max(0, size - 8), Math.min(size, 8));
    if (lead.toString('latin1') === 'PARE' || tail.toString('latin1', 4) === 'PARE') {
      throw new DataError(`${name}: this Parquet file is encrypted; save it without encryption`);
    }
    if (size < 12 || lead.toString('latin1') !== 'PAR1' || tail.toString('latin1', 4) !== 'PAR1') {
      throw new DataError(`${name}: this is not a complete Parquet file; expected “PAR1” at its start and its end`);
    }
    if (tail.readUInt32LE(0) > size - 12) {
      throw new DataError(`${name}: this is not a complete Parquet file; its footer would have ${tail.readUInt32LE(0)} bytes, the file has ${size}`); // prettier-ignore
    }
    try {
      const slice = async (start: number, end = size): Promise<ArrayBuffer> => (await bytesAt(handle, start, end - start)).buffer as ArrayBuffer; // prettier-ignore
      const metadata = await parquetMetadataAsync({ byteLength: size, slice }, { geoparquet: false });
      const children = parquetSchema(metadata).children;
      const columns = children.map(columnOf).filter((column) => column !== undefined);
      const rows = rowsOf(metadata);
      const names = children.map(({ element }) => element.name);
      return { name, file, rows, metadata, size, names, columns: new Map(columns.map((one) => [one.name, one])) };
    } catch (error) {
      throw new DataError(`${name}: this is not a complete Parquet file (${cut(textOf(error), 120)})`);
    }
  });
}

export function opened(file: string): Promise<FileHandle> {
  return open(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

export async function withHandle<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await opened(file);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

/** Where a column lies in each group of rows. */
export function chunksOf(
  { name, metadata, size }: ParquetFile,
  column: ParquetColumn,
): (ColumnChunk & { rows: number })[] {
  const path = column.path.join('\n');
  return metadata.row_groups.map(({ columns, num_rows: rows }) => {
    const found = columns.find(({ meta_data: data }) => data?.path_in_schema.join('\n') === path);
    const data = found?.meta_data;
    const damaged = (what: string) =>
      new DataError(`${name}, column “${cut(column.name)}”: ${what}; the file is damaged`);
    if (!data || found.file_path) throw damaged('it is not in the file');
    if (data.type !== column.kind.physical) throw damaged(`found values of type ${data.type}, expected ${column.kind.physical}`); // prettier-ignore
    const offsets = [data.dictionary_page_offset, data.data_page_offset].filter((one) => one).map(Number);
    const start = Math.min(...offsets);
    const end = start + Number(data.total_compressed_size);
    if (!(start >= 4 && end >= start && end <= size - 8))
      throw damaged(`it would lie at bytes ${start} to ${end} of ${size}`);
    const { kind, maxDefinition, maxRepetition } = column;
    return { start, end, codec: data.codec, kind, maxDefinition, maxRepetition, rows: Number(rows) };
  });
}

/** @throws {DataError} naming the columns there are */
export function checkedColumn({ name, names, columns }: ParquetFile, wanted: string): ParquetColumn {
  const found = columns.get(wanted);
  if (found) return found;
  throw new DataError(
    `${name}, column “${cut(wanted)}”: found values that are neither numbers, text nor lists of one length; name the columns to take: { columns: […] }; its columns are ${listed(names)}`,
  );
}

async function bytesAt(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, length));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
  return bytes.subarray(0, bytesRead);
}

function rowsOf({ num_rows, row_groups }: FileMetaData): number {
  const rows = row_groups.map((group) => Number(group.num_rows));
  const sum = rows.reduce((total, count) => total + count, 0);
  if (rows.every((count) => Number.isSafeInteger(count) && count >= 0) && sum === Number(num_rows)) return sum;
  throw new Error(`its header says ${num_rows} rows, its parts have ${sum}`);
}

/** undefined for structures, maps, lists of lists, and values that are neither numbers nor text. */
function columnOf(tree: SchemaTree): ParquetColumn | undefined {
  const path: string[] = [];
  let [maxDefinition, maxRepetition, entry] = [0, 0, 0];
  let node: SchemaTree | undefined = tree;
  for (; node; node = node.children[0]) {
    if (node.children.length > 1) return undefined;
    path.push(node.element.name);
    if (node.element.repetition_type !== 'REQUIRED') maxDefinition += 1;
    if (node.element.repetition_type === 'REPEATED') [maxRepetition, entry] = [maxRepetition + 1, maxDefinition];
    if (node.children.length === 0) break;
  }
  const kind = node && kindOf(node.element);
  const structure = path.length > 1 && maxRepetition === 0;
  if (!kind || maxRepetition > 1 || structure) return undefined;
  return { name: tree.element.name, kind, path, maxDefinition, maxRepetition, entry };
}
