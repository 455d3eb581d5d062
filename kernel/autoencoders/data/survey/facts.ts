/** What a look at data finds, before they are read as samples: types, nothing else. */

/** A function of the library that reads such data. */
export type Reader =
  | 'readCsv'
  | 'readJson'
  | 'readParquet'
  | 'readNpy'
  | 'readImageFolder'
  | 'loadData'
  | 'parseCsv'
  | 'parseJson'
  | 'Dataset.from'
  | 'collect';

/** What a look into a file or folder found, before it is read. */
export interface DataSurvey {
  /** What messages call the data: a file, say. */
  name: string;
  /** The function that reads it. */
  reader: Reader;
  /** For people: `CSV`, `Parquet`, `a tensor`. */
  format: string;
  kind: 'table' | 'images' | 'sequences' | 'arrays';
  /** Samples in all. */
  rows: number;
  /** Whether `rows` was counted; false: it is estimated from the first ones. */
  exact: boolean;
  /** Samples whose values were looked at, from the first on. */
  looked: number;
  /** Size of the file or folder; null if there is none. */
  bytes: number | null;
  /** For tables. */
  columns: ColumnSurvey[];
  /** For images and sequences: [height, width, channels] or [steps, features]; null if images differ. */
  shape: number[] | null;
  /** Over all values that were looked at and are numbers; null if there are none. */
  range: ValueRange | null;
  /** The classes that the data name by themselves (labels of a data set, subfolders), and how many samples are of each. */
  classes: { name: string; count: number }[] | null;
  /** What is known of its images. */
  images: ImagesSurvey | null;
  /** For files of several arrays: the user has to choose one. */
  arrays: { name: string; shape: number[]; type: string }[];
  /** The first rows, as text, for a preview: at most {@link PREVIEW_ROWS} of at most {@link PREVIEW_COLUMNS} cells. */
  preview: string[][];
}

export const PREVIEW_ROWS = 6;
export const PREVIEW_COLUMNS = 12;

/** The range of the values that were looked at, and what is missing or infinite among them. */
export interface ValueRange {
  /** The smallest. */
  low: number;
  /** The largest. */
  high: number;
  /** Whether every value is 0 or 1. */
  binary: boolean;
  /** Values that are not there (NaN), and the samples that lack some. */
  missing: number;
  /** Samples that lack some. */
  rowsMissing: number;
  /** The first such sample. */
  firstMissing: string | null;
  /** Values that float32 has as infinite. */
  infinite: number;
  /** The first sample with an infinite value. */
  firstInfinite: string | null;
}

/** What a look at a column found: its type, its range, and what is missing. */
export interface ColumnSurvey {
  name: string;
  /**
   * `mixed`: numbers, and text in some rows. `lists`: of numbers, one of the same length in each row. `empty`: nothing in any
   * row. `other`: structures that no samples can be made of.
   */
  kind: 'numbers' | 'truth' | 'text' | 'dates' | 'mixed' | 'lists' | 'empty' | 'other';
  /** Whether samples can be made of it. */
  usable: boolean;
  /** Whether all numbers are whole. */
  whole: boolean;
  /** Whether they are ids or the like, which float32 would make one: readers refuse them. */
  merged: boolean;
  /** The smallest number. */
  low: number | null;
  /** The largest number. */
  high: number | null;
  /** Empty cells, NaN; and where the first is: `line 7`, `row 7`. */
  missing: number;
  /** The first row that lacks a value. */
  firstMissing: string | null;
  /** The first row with an infinite value. */
  firstInfinite: string | null;
  /** Different values that are present; null: more than {@link MOST_DISTINCT}. */
  distinct: number | null;
  /** How often each value comes, the most frequent first; where there are at most 20. */
  counts: { value: string; count: number }[];
  /** Some different values, the first ones. */
  examples: string[];
  /** The first text in a column of numbers, and where it is. */
  odd: { place: string; found: string } | null;
  /** Numbers that it makes of each row: 1, but for lists. */
  entries: number;
}

export const MOST_DISTINCT = 1000;

/** What a look at a folder of images found: sizes, channels, classes. */
export interface ImagesSurvey {
  /** How many there are. */
  files: number;
  /** The sizes that were found, the most frequent first; and of how many files the header was read. */
  sizes: { height: number; width: number; count: number }[];
  /** How many were looked at. */
  looked: number;
  /** 1: all are grey, as far as was looked; 3: some have colours. */
  channels: number;
  /** The first ones of each size; their paths are absolute. */
  examples: { file: string; height: number; width: number }[];
}
