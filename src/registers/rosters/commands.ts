/** Acts on imports. What a person asks for is judged and queued here; the work itself runs in the worker, as that person in that post. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { divisionRange, levelOfDivision } from '../../kernel/identifiers.ts';
import { addDays, type LocalDate } from '../../kernel/local-date.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { forbidden, notFound, type Person, type Refused, refuse } from '../../platform/http.ts';
import { jobs } from '../../platform/jobs.ts';
import { record } from '../../platform/journal.ts';
import {
  type CellRead,
  normaliseTitle,
  type Row,
  readCell,
  SpreadsheetRefused,
  unitOf,
} from '../../platform/spreadsheets/index.ts';
import type { System } from '../../platform/system.ts';
import { standingOf } from '../people/index.ts';
import { askForDuties, mayGovern } from '../requirements/index.ts';
import type { mapImport } from './contract.ts';
import { columnsOf, dataOf, openSheets, outlineOf, readField } from './files.ts';
import type { RosterKind, Sender } from './kind.ts';
import { kindNamed } from './kinds.ts';
import type { Batch, BatchState, Counts, MappedColumn, RowProblem, Values } from './rosters.ts';
import { type BatchAct, refusalsOfAct } from './rules.ts';
import {
  addPlannedAreas,
  areasTaken,
  askCancel,
  beginProgress,
  changeBatch,
  changedRows,
  countRows,
  findBatch,
  type Given,
  insertBatch,
  isCancelAsked,
  judgeRows,
  lockBatch,
  lockFreeBatch,
  mappedKeys,
  noteEstates,
  noteProgress,
  openRows,
  openWorking,
  recordEstates,
  rememberedMapping,
  rememberMapping,
  reopenEnded,
  staleRows,
  takeBack,
  touchedRows,
  workingRows,
} from './store.ts';

/** How long an upload is kept (decisions 12: encrypted, and expires). Ours; no regulation sets it. */
const KEPT_DAYS = 30;

const tasksOf = {
  reading: 'rosters:read',
  checking: 'rosters:check',
  committing: 'rosters:commit',
  undoing: 'rosters:undo',
} as const;

// ── What a person asks for

export async function receiveFile(
  tx: Transaction,
  person: Person,
  file: { kind: RosterKind; name: string; bytes: Buffer; media: string; origin: 'workbook' | 'paste' },
  system: System,
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  if (person.post.organisationId === null || person.post.areaCode === null)
    return forbidden('您的任职没有对应的辖区，不能导入名册');
  const keptUntil = addDays(today, KEPT_DAYS);
  const fileDigest = await system.files.put(tx, file.bytes, file.media, { keepUntil: keptUntil });
  const id = await insertBatch(tx, {
    kind: file.kind.code,
    scope: person.post.areaCode,
    organisationId: person.post.organisationId,
    postId: person.post.id,
    personId: person.personId,
    origin: file.origin,
    fileDigest,
    fileName: file.name,
    keptUntil,
  });
  await queue(tx, id, 'reading');
  return { id };
}

/** Settles which column is which, remembers it for this sender, and has the rows checked. */
export async function mapColumns(
  tx: Transaction,
  person: Person,
  input: ReadInputOf<typeof mapImport>,
  kinds: readonly RosterKind[],
  about: { today: LocalDate; now: Date },
): Promise<OutputOf<typeof mapImport> | Refused> {
  const batch = await lockBatch(tx, input.id);
  const kind = batch && kindNamed(kinds, batch.kind);
  if (!batch || !kind || !batch.outline) return notFound('没有这次导入，或不在您的辖区内');
  const refusals = judge('map', batch, person, about, input.skipWrongRows);
  const header = columnsOf(batch.outline, input.sheet, input.headerRow, kind, {});
  if (!header) return refuse(refusal('找不到这个工作表或标题行，请重新选择', { field: 'headerRow' }));
  if ((input.createMissingAreas || kind.code === 'areas') && !mayGovern(person.post)) {
    refusals.push(refusal('新建街道、社区由区级及以上部门或管理员办理', { field: 'createMissingAreas' }));
  }
  const columns: MappedColumn[] = [];
  const taken = new Map<string, string>();
  for (const { index, key } of input.columns) {
    const title = header.columns.find((column) => column.index === index)?.title;
    const field = key === null ? undefined : kind.fields.find((one) => one.key === key);
    if (title === undefined) refusals.push(refusal(`标题行没有第 ${index + 1} 列`, { field: 'columns' }));
    else if (key !== null && !field)
      refusals.push(refusal(`“${title}”对应的内容不属于${kind.label}`, { field: 'columns' }));
    else {
      const other = field && taken.get(field.key);
      if (other !== undefined)
        refusals.push(refusal(`“${other}”和“${title}”都对应“${field!.label}”，请只留一列`, { field: 'columns' }));
      if (field) taken.set(field.key, title);
      columns.push({ index, title, key, unit: unitOf(title) });
    }
  }
  const mapping = { dataFrom: header.dataFrom, columns };
  const sender = await senderOf(tx, batch, about.today);
  const missing = sender ? kind.missing(mappedKeys(mapping), sender) : [];
  if (missing.length > 0)
    refusals.push(refusal(`缺少必需的列：${missing.join('、')}。请指出它在文件的哪一列`, { field: 'columns' }));
  const [first, ...others] = refusals;
  if (first) return refuse(first, ...others);
  await rememberMapping(
    tx,
    batch.organisationId,
    batch.kind,
    columns.map((column) => ({ title: normaliseTitle(column.title), field: column.key })),
  );
  await changeBatch(tx, batch.id, {
    sheet: input.sheet,
    headerRow: header.headerRow,
    mapping,
    options: { createMissingAreas: input.createMissingAreas, skipWrongRows: input.skipWrongRows },
    counts: null,
    plan: null,
  });
  await queue(tx, batch.id, 'checking');
  return { id: batch.id };
}

export async function askCommit(
  tx: Transaction,
  person: Person,
  id: number,
  skipWrongRows: boolean | undefined,
  about: { today: LocalDate; now: Date },
): Promise<{ id: number } | Refused> {
  const batch = await lockBatch(tx, id);
  if (!batch) return notFound('没有这次导入，或不在您的辖区内');
  const skip = skipWrongRows ?? batch.options.skipWrongRows;
  const [first, ...others] = judge('commit', batch, person, about, skip);
  if (first) return refuse(first, ...others);
  await changeBatch(tx, id, { options: { ...batch.options, skipWrongRows: skip } });
  await queue(tx, id, 'committing');
  return { id };
}

export async function askUndo(
  tx: Transaction,
  person: Person,
  id: number,
  about: { today: LocalDate; now: Date },
): Promise<{ id: number } | Refused> {
  const batch = await lockBatch(tx, id);
  if (!batch) return notFound('没有这次导入，或不在您的辖区内');
  const [first, ...others] = judge('undo', batch, person, about, false);
  if (first) return refuse(first, ...others);
  await queue(tx, id, 'undoing');
  return { id };
}

/** Before it is written. What the worker has in hand stops at its next rows; what nobody has in hand stops here. */
export async function cancel(
  tx: Transaction,
  person: Person,
  id: number,
  about: { today: LocalDate; now: Date },
): Promise<{ id: number } | Refused> {
  const found = await findBatch(tx, id);
  if (!found) return notFound('没有这次导入，或不在您的辖区内');
  const refusedFor = (batch: Batch) => {
    const [first, ...others] = judge('cancel', batch, person, about, false);
    return first && refuse(first, ...others);
  };
  const refused = refusedFor(found);
  if (refused) return refused;
  let free = await lockFreeBatch(tx, id);
  if (!free) {
    await askCancel(tx, id);
    // The step may have ended while the asking waited for it.
    free = await lockFreeBatch(tx, id);
  }
  if (!free) return { id };
  const late = refusedFor(free);
  if (late) return late;
  await changeBatch(tx, id, { state: 'cancelled', problem: null });
  return { id };
}

function judge(
  act: BatchAct,
  batch: Batch,
  person: Person,
  { today, now }: { today: LocalDate; now: Date },
  skipWrongRows: boolean,
): Refusal[] {
  const hoursSinceCommit = batch.committedAt ? (now.getTime() - batch.committedAt.getTime()) / 3_600_000 : 0;
  return refusalsOfAct(act, batch, {
    organisationId: person.post.organisationId ?? 0,
    today,
    hoursSinceCommit,
    skipWrongRows,
  });
}

async function queue(tx: Transaction, id: number, state: keyof typeof tasksOf): Promise<void> {
  await changeBatch(tx, id, { state, problem: null });
  await beginProgress(tx, id);
  await jobs.enqueue(tx, tasksOf[state], { batch: id });
}

// ── What the worker does. Each is one transaction as the sender; asked a second time, a batch that has moved on is left alone.

export async function readBatch(system: System, kinds: readonly RosterKind[], id: number): Promise<void> {
  await inState(system, kinds, id, 'reading', 'failed', async ({ tx, batch, kind }) => {
    const remembered = await rememberedMapping(tx, batch.organisationId, batch.kind);
    const outline = await outlineOf(await openSheets(tx, system.files, batch), kind, remembered);
    const other =
      outline.template === null || outline.template === kind.code
        ? undefined
        : (kindNamed(kinds, outline.template)?.label ?? '其他名册');
    if (other) throw new SpreadsheetRefused(`这是“${other}”的模板，不是“${kind.label}”。请在上传时选对名册种类`);
    if (outline.sheets.every((sheet) => sheet.rows.length === 0))
      throw new SpreadsheetRefused('表格里没有内容。请确认选对了文件和工作表');
    await changeBatch(tx, id, {
      state: 'read',
      outline,
      sheet: outline.suggestedSheet,
      ...(outline.template !== null && { origin: 'template' as const }),
    });
  });
}

/** All problems of all rows in one pass: cells, then places and names, then the file itself, then the registers. */
export async function checkBatch(system: System, kinds: readonly RosterKind[], id: number): Promise<void> {
  await inState(system, kinds, id, 'checking', 'read', async ({ tx, batch, kind, sender, today, progress }) => {
    const { sheets } = await openSheets(tx, system.files, batch, { ahead: true });
    await openRows(tx, id);
    const reader = await kind.open({ tx, sender, options: batch.options, sealing: system.sealing, today });
    const cells = cellReader(kind, batch.mapping!.columns);
    const firstRows = new Map<string, number>();
    const about = (sheets.find((one) => one.name === batch.sheet)?.about ?? 0) - batch.mapping!.dataFrom + 1;
    let tidied = 0;
    let done = 0;
    // Each row is kept as the text it is sent as: a string is less for the collector to carry along than an object of its cells.
    let chunk: string[] = [];
    let written: Promise<void> = Promise.resolve();
    const flush = async () => {
      await written;
      // The database judges one chunk while the next is being read.
      written = judgeRows(tx, kind, id, chunk);
      written.catch(() => undefined);
      done += chunk.length;
      chunk = [];
      await progress(done, about);
    };
    const { rows, isData } = dataOf(sheets, batch);
    for await (const row of rows) {
      if (!isData(row)) continue;
      const read = cells(row);
      tidied += read.tidied;
      const staged = reader.read(read.values, row.number);
      const problems = [
        ...read.problems,
        ...staged.problems.filter((one) => !read.problems.some((other) => other.key === one.key)),
      ];
      const first = firstRows.get(staged.identity);
      if (first === undefined) firstRows.set(staged.identity, row.number);
      else if (problems.length === 0)
        problems.push({ problem: `与第 ${first} 行重复：${staged.label}。请删去其中一行` });
      const given: Given = {
        n: row.number,
        l: staged.label.slice(0, 200),
        a: staged.after,
        p: problems.length > 0 ? problems : null,
      };
      chunk.push(JSON.stringify(given));
      if (chunk.length >= 2_000) await flush();
    }
    await flush();
    await written;
    const counted = await countRows(tx, id);
    if (counted.total === 0) throw new SpreadsheetRefused('标题行下面没有内容。请确认选对了工作表和标题行');
    const counts: Counts = { ...counted, tidied };
    await changeBatch(tx, id, { state: 'checked', counts, plan: reader.planned?.() ?? [] });
  });
}

/** Writes what was checked: everything or nothing, unless the sender chose to leave wrong rows out. */
export async function commitBatch(system: System, kinds: readonly RosterKind[], id: number): Promise<void> {
  await inState(system, kinds, id, 'committing', 'checked', async ({ tx, batch, kind, sender, today, progress }) => {
    // Two imports that check the same name at once would both find it missing: writing is one after the other.
    await sql`select pg_advisory_xact_lock(hashtext('registers.rosters'))`.execute(tx);
    const counts = batch.counts!;
    const total = counts.new + counts.changed;
    await progress(0, total);
    if (counts.wrong > 0 && !batch.options.skipWrongRows)
      throw new SpreadsheetRefused(`还有 ${counts.wrong} 行有错，没有写入`);
    await openWorking(tx, kind, id);
    const stale = [...(await areasTaken(tx, batch.plan ?? [])), ...(await staleRows(tx, kind))];
    if (stale.length > 0)
      throw new SpreadsheetRefused(`检查之后系统中的内容有变动（${stale.join('、')}），没有写入。请重新检查`);
    await addPlannedAreas(tx, batch.plan ?? [], today, id);
    await kind.write({
      tx,
      batch,
      sender,
      today,
      sealing: system.sealing,
      rows: workingRows,
      readField: (key) => openField({ tx, batch, kind }, system, key),
      progress: (share) => progress(Math.floor(total * share), total),
    });
    await changeBatch(tx, id, { state: 'committed', committedAt: system.clock.now() });
    await askForDuties(tx);
    await recordAll({ tx, batch, kind }, 'rosters.imported');
  });
}

/** Takes back what the batch created and gives back what it changed, if nobody has built on it since (ux 6.7). */
export async function undoBatch(system: System, kinds: readonly RosterKind[], id: number): Promise<void> {
  await inState(system, kinds, id, 'undoing', 'committed', async ({ tx, batch, kind, sender, today }) => {
    await sql`select pg_advisory_xact_lock(hashtext('registers.rosters'))`.execute(tx);
    await openWorking(tx, kind, id);
    const touched = await touchedRows(tx, kind);
    if (touched.length > 0)
      throw new SpreadsheetRefused(
        `导入之后又被改动：${touched.join('、')}${touched.length === 5 ? ' 等' : ''}。整批不能撤销，请逐项更正`,
      );
    await noteEstates(tx, kind);
    await takeBack(tx, id);
    await reopenEnded(tx, id);
    await kind.restore({
      tx,
      batch,
      sender,
      today,
      sealing: system.sealing,
      rows: changedRows,
      readField: (key) => openField({ tx, batch, kind }, system, key),
    });
    await changeBatch(tx, id, { state: 'undone', undoneAt: system.clock.now() });
    await askForDuties(tx);
    await recordAll({ tx, batch, kind, noted: true }, 'rosters.undone');
  });
}

async function openField({ tx, batch, kind }: Pick<Working, 'tx' | 'batch' | 'kind'>, system: System, key: string) {
  const isMapped = batch.mapping?.columns.some((column) => column.key === key) ?? false;
  const values = isMapped
    ? readField((await openSheets(tx, system.files, batch, { ahead: true })).sheets, batch, kind, key)
    : Promise.resolve(new Map<number, string>());
  // A failure is met by whoever awaits the values; until then it must not end the process.
  values.catch(() => undefined);
  return { values };
}

async function recordAll(
  about: { tx: Transaction; batch: Batch; kind: RosterKind; noted?: boolean },
  act: string,
): Promise<void> {
  const { tx, batch, kind } = about;
  if (!about.noted) await noteEstates(tx, kind);
  await recordEstates(tx, kind, batch.id, act);
  const { counts } = batch;
  await record(tx, {
    chain: `organisation:${batch.organisationId}`,
    act,
    object: `import:${batch.id}`,
    detail: {
      kind: kind.code,
      file: batch.fileDigest,
      new: counts?.new ?? 0,
      changed: counts?.changed ?? 0,
      areas: batch.plan?.length ?? 0,
    },
  });
}

interface Working {
  tx: Transaction;
  batch: Batch;
  kind: RosterKind;
  sender: Sender;
  today: LocalDate;
  /** Says how many rows of about how many are done, for all to see, and stops the step when its sender wants that. */
  progress(done: number, total: number): Promise<void>;
}

/** Milliseconds between two sayings of how far a step has come: often enough for who watches, rare enough not to slow the step. */
const betweenSayings = 250;

/** The sender does not want it any more. */
class Cancelled extends Error {}

/**
 * Runs one step of a batch as its sender, whose post must still be held. What is the sender's to mend comes back as the batch's problem,
 * in the state from which it can be tried again.
 */
async function inState(
  system: System,
  kinds: readonly RosterKind[],
  id: number,
  state: BatchState,
  back: BatchState,
  work: (about: Working) => Promise<void>,
): Promise<void> {
  const today = system.clock.today();
  const engine = { standing: 'engine', today } as const;
  const found = await system.database.transaction(engine, async (tx) => {
    const batch = await findBatch(tx, id);
    return batch && { batch, sender: await senderOf(tx, batch, today) };
  });
  if (!found || found.batch.state !== state) return;
  const giveBack = (problem: string | null, to = back) =>
    system.database.transaction(engine, async (tx) => {
      const batch = await lockBatch(tx, id);
      if (batch?.state === state) await changeBatch(tx, id, { state: to, problem });
    });
  let saidAt = Number.NEGATIVE_INFINITY;
  const progress = async (done: number, total: number) => {
    if (done < total && performance.now() - saidAt < betweenSayings) return;
    saidAt = performance.now();
    const asked = await system.database.transaction(engine, (tx) => noteProgress(tx, id, { done, total }));
    if (asked) throw new Cancelled();
  };
  const { sender } = found;
  const kind = kindNamed(kinds, found.batch.kind);
  if (!kind) return giveBack('系统中没有这种名册');
  if (!sender) return giveBack('导入人的任职已经结束，请由在任人员重新上传');
  try {
    await system.database.transaction(sender.actor, async (tx) => {
      const batch = await lockBatch(tx, id);
      if (batch?.state !== state) return;
      await work({ tx, batch, kind, sender, today, progress });
      if (state !== 'undoing' && (await isCancelAsked(tx, id))) throw new Cancelled();
    });
  } catch (error) {
    if (error instanceof Cancelled) return giveBack(null, 'cancelled');
    const problem = await spoken(system, error, sender);
    await giveBack(problem ?? '系统出错，没有完成，什么也没有改动。请稍后再试；仍不成功的，请告诉管理员');
    if (problem === undefined) throw error;
  }
}

/** What the sender can do something about; undefined for an error of the program. */
async function spoken(system: System, error: unknown, sender: Sender): Promise<string | undefined> {
  if (error instanceof SpreadsheetRefused) return error.message;
  const { code, schema, table } = error as { code?: string; schema?: string; table?: string };
  if (code === '23505') return '检查之后系统中新增了相同的内容，没有写入。请重新检查';
  if (code === '23P01') return '有的时段与已登记的重叠，没有写入。请重新检查';
  if (code === 'GZ012') return `${(error as Error).message}，没有写入。请重新检查`;
  if (code === '42501') return '有的内容不在您的辖区内，没有写入。请重新检查';
  if (code !== '23503') return undefined;
  // A reference from elsewhere; the table's comment says in words what it holds.
  const { rows } = await system.database.transaction(sender.actor, (tx) =>
    sql<{
      comment: string | null;
    }>`select obj_description(to_regclass(${`${schema}.${table}`}), 'pg_class') as comment`.execute(tx),
  );
  const what = rows[0]?.comment?.split(/[：；]/)[0] ?? '其他记录';
  return `已有“${what}”记录用到这次导入的内容，整批不能撤销，请逐项更正`;
}

async function senderOf(tx: Transaction, batch: Batch, today: LocalDate): Promise<Sender | undefined> {
  const { rows } = await sql<{
    role: string;
    organisationKind: string;
    areaCode: string | null;
    behalfId: number | null;
  }>`
    select o.role, g.kind as "organisationKind", g.area_code as "areaCode", h.behalf_id as "behalfId"
    from registers.posts_held(${batch.personId}, ${today}::date) h join registers.post o on o.id = h.post_id
      join registers.organisation g on g.id = o.organisation_id
    where o.id = ${batch.postId} and g.id = ${batch.organisationId} and coalesce(g.dissolved_on, 'infinity') > ${today}::date`.execute(
    tx,
  );
  const post = rows[0];
  const level = post?.areaCode ? levelOfDivision(post.areaCode) : null;
  if (!post?.areaCode || level === null || standingOf(post) !== 'office') return undefined;
  const { lo, hi } = divisionRange(post.areaCode);
  const { organisationId, personId, postId } = batch;
  return {
    actor: {
      ...{ standing: 'office', lo, hi, organisationId, personId, postId, today, request: `import-${batch.id}` },
      ...(post.behalfId !== null && { behalfId: post.behalfId }),
    },
    organisationId,
    areaCode: post.areaCode,
    level,
    lo,
    hi,
  };
}

/** Reads the mapped cells of a row. Senders repeat themselves: a text read once in a column is not read again. */
function cellReader(
  kind: RosterKind,
  columns: readonly MappedColumn[],
): (row: Row) => { values: Values; problems: RowProblem[]; tidied: number } {
  const readers = columns.flatMap((column) => {
    const field = kind.fields.find((one) => one.key === column.key);
    if (!field) return [];
    const known = new Map<string, CellRead>();
    const read = (text: string): CellRead => {
      const before = known.get(text);
      if (before) return before;
      const result = readCell(text, field, column.unit);
      if (known.size < 5_000) known.set(text, result);
      return result;
    };
    return [{ index: column.index, key: field.key, secret: kind.secret?.includes(field.key) ?? false, read }];
  });
  return (row) => {
    const values: Record<string, Values[string]> = {};
    const problems: RowProblem[] = [];
    let tidied = 0;
    for (const { index, key, secret, read } of readers) {
      const text = row.cells[index] ?? '';
      const result = read(text);
      if ('problem' in result)
        problems.push({ key, problem: result.problem, ...(!secret && text !== '' && { text: text.slice(0, 200) }) });
      else if ('clear' in result) values[key] = null;
      else if ('value' in result) {
        values[key] = result.value;
        if (result.tidied) tidied += 1;
      }
    }
    return { values, problems, tidied };
  };
}
