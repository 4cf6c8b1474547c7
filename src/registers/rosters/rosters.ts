/** The nouns of rosters: the batch a file came with, its columns, and its rows as they are staged. No behaviour, nothing of the world. */
import type { DivisionLevel } from '../../kernel/identifiers.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import type { CellValue } from '../../platform/spreadsheets/cells.ts';
import type { Unit } from '../../platform/spreadsheets/fields.ts';
import type { Header } from '../../platform/spreadsheets/header.ts';
import type { Row } from '../../platform/spreadsheets/sheet.ts';

export type BatchState =
  | 'reading'
  | 'read'
  | 'checking'
  | 'checked'
  | 'committing'
  | 'committed'
  | 'undoing'
  | 'undone'
  | 'failed'
  | 'cancelled';
export type Origin = 'template' | 'workbook' | 'paste';
export type RowVerdict = 'new' | 'changed' | 'unchanged' | 'wrong';

export interface BatchOptions {
  /** Sub-districts and communities that are not registered yet are added, with the bodies every such area has. */
  createMissingAreas: boolean;
  /** Rows that are wrong are left out; otherwise nothing is written unless everything is right. */
  skipWrongRows: boolean;
}

/** A column of the sender's file and the field it stands for; null is left out. */
export interface MappedColumn {
  index: number;
  title: string;
  key: string | null;
  unit?: Unit | undefined;
}

export interface Mapping {
  dataFrom: number;
  columns: MappedColumn[];
}

export interface SheetOutline {
  name: string;
  hidden: boolean;
  /** The guessed header, and the first rows (numbers of telephones and papers veiled) so that another may be chosen. */
  header: Header | null;
  rows: Row[];
}

export interface Outline {
  kind: string;
  sheets: SheetOutline[];
  suggestedSheet: string | null;
  template: string | null;
  notes: string[];
}

/** A sub-district or community to be added with the batch. */
export interface PlannedArea {
  code: string;
  name: string;
  level: DivisionLevel;
  parentCode: string;
  provisional: boolean;
}

export interface Counts {
  total: number;
  new: number;
  changed: number;
  unchanged: number;
  wrong: number;
  /** Cells put in order silently: width of digits, blanks, units, dates. */
  tidied: number;
  problems: { key: string; count: number }[];
}

export interface Batch {
  id: number;
  kind: string;
  scope: string;
  organisationId: number;
  postId: number;
  personId: number;
  origin: Origin;
  fileDigest: string;
  fileName: string;
  keptUntil: LocalDate;
  state: BatchState;
  sheet: string | null;
  headerRow: number | null;
  mapping: Mapping | null;
  options: BatchOptions;
  outline: Outline | null;
  plan: PlannedArea[] | null;
  counts: Counts | null;
  problem: string | null;
  createdAt: Date;
  committedAt: Date | null;
  undoneAt: Date | null;
}

/** What is wrong with a row: in which field, and what to do. `text` is the cell as sent, where it is not personal. */
export interface RowProblem {
  key?: string;
  problem: string;
  text?: string;
}

/** The cells of one row: absent is blank or 待补, null is 清空. */
export type Values = Readonly<Record<string, CellValue | null>>;

export type Json = string | number | boolean | null;

/** What a row says, field by field. Only what it says: a blank neither sets nor clears. */
export interface StagedRow {
  /** How people name what the row is about. */
  label: string;
  /** Two rows of a file with the same identity are about the same thing. */
  identity: string;
  after: Record<string, Json>;
  problems: RowProblem[];
}
