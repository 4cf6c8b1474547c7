/** What a kind of roster is: its fields, how a row is read, and how the registers are asked, written and given back what they had. */
import type { DivisionLevel } from '../../kernel/identifiers.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import type { Actor, Fragment, Transaction } from '../../platform/database.ts';
import type { Sealing } from '../../platform/sealing.ts';
import type { Field } from '../../platform/spreadsheets/index.ts';
import type { Column } from './columns.ts';
import type { Batch, BatchOptions, PlannedArea, StagedRow, Values } from './rosters.ts';

/** Who sends a roster, and from how far they may speak. */
export interface Sender {
  actor: Actor;
  organisationId: number;
  areaCode: string;
  level: DivisionLevel;
  lo: string;
  hi: string;
}

export interface RowReader {
  read(values: Values, row: number): StagedRow;
  /** Areas that reading found missing and was allowed to add. */
  planned?(): PlannedArea[];
}

export interface Opening {
  tx: Transaction;
  sender: Sender;
  options: BatchOptions;
  sealing: Sealing;
  today: LocalDate;
}

export interface Writing {
  tx: Transaction;
  batch: Batch;
  sender: Sender;
  sealing: Sealing;
  today: LocalDate;
  /** Rows of the batch to be written or restored: (row_number, verdict, before, after, and the keys). */
  rows: Fragment;
  /**
   * Opens the sealed file again for one field, by row number: for what is never staged in the clear. The rows are read while other
   * statements run; the promise inside never uses the transaction.
   */
  readField(key: string): Promise<{ values: Promise<ReadonlyMap<number, string>> }>;
  /** Says which share of the writing is done; stops it when the sender cancelled. */
  progress?(share: number): Promise<void>;
}

/** A kind of roster. Rooms further up may bring kinds of their own: kinds are passed in where routes and tasks are wired. */
export interface RosterKind {
  /** Latin letters: it is also the name in the hidden key row of the template. */
  code: string;
  label: string;
  version: number;
  fields: readonly Field[];
  /** Fields whose texts are personal: never staged, never echoed. */
  secret?: readonly string[];
  /**
   * What a row is found by, as columns of `rows`: a key taken out of JSON inside a join may not use an index of a table with row-level
   * security, because the operator that takes it out is not leakproof.
   */
  keys: readonly Column[];
  /** Labels of columns that are needed and not among the mapped ones. */
  missing(mapped: ReadonlySet<string>, sender: Sender): string[];
  open(about: Opening): Promise<RowReader>;
  /**
   * `rows` (row_number, after, and the keys, among others) with (current jsonb, problem_key text, problem text) beside them: what the
   * registers hold about each, with a value or null for every field a row may set; current is null where nothing is held yet.
   */
  current(rows: Fragment): Fragment;
  write(about: Writing): Promise<void>;
  /** Gives changed rows back what they had (`before`); what the batch created is gone by then. */
  restore(about: Writing): Promise<void>;
  /** `rows` with estate_id beside them: on whose chain they are recorded; absent where no estate is concerned. */
  estates?(rows: Fragment): Fragment;
}
