/** Read-only views of imports. */
import { formatArea } from '../../kernel/area.ts';
import type { FileOutput, OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { formatMoney } from '../../kernel/money.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { notFound, type Person, type Refused, refuse } from '../../platform/http.ts';
import {
  columnLetters,
  describeProblem,
  errorWorkbook,
  type FailedRow,
  type Field,
  SpreadsheetRefused,
  type Template,
  templateWorkbook,
} from '../../platform/spreadsheets/index.ts';
import type { System } from '../../platform/system.ts';
import type { ImportBatch, ImportRow, listImportRows, listImports, showImport } from './contract.ts';
import { columnsOf, dataOf, openSheets } from './files.ts';
import type { RosterKind } from './kind.ts';
import { kindNamed } from './kinds.ts';
import type { Batch, Json, RowProblem, RowVerdict } from './rosters.ts';
import { type BatchAct, isUnderWay, refusalsOfAct } from './rules.ts';
import { findBatch, readProgress, rememberedMapping } from './store.ts';

export function describeKind(kind: RosterKind) {
  return {
    code: kind.code,
    label: kind.label,
    fields: kind.fields.map((field) => ({
      key: field.key,
      label: field.label,
      required: field.required ?? false,
      hint: field.hint ?? null,
      isDate: field.kind === 'date',
      choices: field.kind === 'yesNo' ? ['是', '否'] : (field.choices ?? []).map((one) => one.label),
    })),
  };
}

export async function findImports(
  tx: Transaction,
  kinds: readonly RosterKind[],
  input: ReadInputOf<typeof listImports>,
): Promise<OutputOf<typeof listImports>> {
  const where = sql`where (${input.kind ?? null}::text is null or b.kind = ${input.kind ?? null}) and (${input.state ?? null}::text is null or b.state = ${input.state ?? null})`;
  const { rows } = await sql<Batch & { organisationName: string; personName: string | null }>`
    select b.id, b.kind, b.origin, b.file_name as "fileName", b.state, b.counts, b.problem, b.created_at as "createdAt", b.committed_at as "committedAt",
      b.undone_at as "undoneAt", o.name as "organisationName", p.name as "personName"
    from registers.import_batch b join registers.organisation o on o.id = b.organisation_id left join registers.person p on p.id = b.person_id
    ${where} order by b.id desc offset ${input.offset} limit ${input.limit}`.execute(tx);
  const total = await sql<{
    total: number;
  }>`select count(*)::int as total from registers.import_batch b ${where}`.execute(tx);
  return {
    rows: rows.map((row) => describeBatch(row, kindNamed(kinds, row.kind))),
    total: total.rows[0]!.total,
    offset: input.offset,
    limit: input.limit,
  };
}

function describeBatch(
  batch: Batch & { organisationName: string; personName: string | null },
  kind: RosterKind | undefined,
): ImportBatch {
  return {
    id: batch.id,
    kind: batch.kind,
    kindLabel: kind?.label ?? batch.kind,
    organisationName: batch.organisationName,
    personName: batch.personName,
    origin: batch.origin,
    fileName: batch.fileName,
    state: batch.state,
    counts: batch.counts && {
      ...batch.counts,
      problems: batch.counts.problems.map((one) => ({ ...one, label: labelOf(kind, one.key) ?? '整行' })),
    },
    problem: batch.problem,
    createdAt: batch.createdAt.toISOString(),
    committedAt: batch.committedAt?.toISOString() ?? null,
    undoneAt: batch.undoneAt?.toISOString() ?? null,
  };
}

export async function readImport(
  tx: Transaction,
  kinds: readonly RosterKind[],
  input: ReadInputOf<typeof showImport>,
  about: { person: Person; today: LocalDate; now: Date },
): Promise<OutputOf<typeof showImport> | Refused> {
  const batch = await findBatch(tx, input.id);
  const kind = batch && kindNamed(kinds, batch.kind);
  if (!batch || !kind) return notFound('没有这次导入，或不在您的辖区内');
  const { rows: names } = await sql<{ organisationName: string; personName: string | null }>`
    select o.name as "organisationName", (select name from registers.person where id = ${batch.personId}) as "personName"
    from registers.organisation o where o.id = ${batch.organisationId}`.execute(tx);
  const { outline, mapping } = batch;
  const sheet = input.sheet ?? batch.sheet ?? outline?.suggestedSheet ?? null;
  const chosen = input.sheet === undefined && input.headerRow === undefined && mapping !== null;
  const remembered = chosen ? {} : await rememberedMapping(tx, about.person.post.organisationId ?? 0, batch.kind);
  const header =
    outline && sheet !== null
      ? columnsOf(
          outline,
          sheet,
          input.headerRow ?? (chosen ? (batch.headerRow ?? undefined) : undefined),
          kind,
          remembered,
        )
      : undefined;
  const columns = chosen
    ? mapping.columns.map(({ index, title, key }) => ({ index, title, key, confidence: 1 }))
    : (header?.columns ?? []).map(({ index, title, key, confidence }) => ({ index, title, key, confidence }));
  const { outline: _, ...shown } = describeRest(batch);
  return {
    ...describeBatch({ ...batch, ...names[0]! }, kind),
    ...shown,
    notes: outline?.notes ?? [],
    sheets: outline?.sheets.map(({ name, hidden }) => ({ name, hidden })) ?? [],
    sheet,
    headerRow: header?.headerRow ?? null,
    sample: outline?.sheets.find((one) => one.name === sheet)?.rows ?? [],
    columns,
    fields: describeKind(kind).fields,
    acts: actsOn(batch, about),
    progress: isUnderWay(batch.state) ? await readProgress(tx, batch.id) : null,
    createMissingAreas: mapping === null ? await isBare(tx, batch.organisationId) : batch.options.createMissingAreas,
  };
}

/** Whether nothing is registered below the sender's district yet: then a first list may bring its places. */
async function isBare(tx: Transaction, organisationId: number): Promise<boolean> {
  const { rows } = await sql<{ bare: boolean }>`
    select level = 'district' and not exists (select from registers.area below where below.parent_code = a.code) as bare
    from registers.organisation o join registers.area a on a.code = o.area_code where o.id = ${organisationId}`.execute(
    tx,
  );
  return rows[0]?.bare ?? false;
}

function describeRest(batch: Batch) {
  return {
    outline: batch.outline,
    keptUntil: batch.keptUntil,
    skipWrongRows: batch.options.skipWrongRows,
    newAreas: (batch.plan ?? []).map(({ code, name, level, provisional }) => ({ code, name, level, provisional })),
  };
}

const actLabels: Record<BatchAct, string> = { map: '确认列名并检查', commit: '写入', cancel: '取消导入', undo: '撤销' };

function actsOn(batch: Batch, { person, today, now }: { person: Person; today: LocalDate; now: Date }) {
  const hoursSinceCommit = batch.committedAt ? (now.getTime() - batch.committedAt.getTime()) / 3_600_000 : 0;
  return (Object.keys(actLabels) as BatchAct[]).map((act) => {
    const refusals = refusalsOfAct(act, batch, {
      organisationId: person.post.organisationId ?? 0,
      today,
      hoursSinceCommit,
      skipWrongRows: batch.options.skipWrongRows,
    });
    return { act, label: actLabels[act], allowed: refusals.length === 0, refusals: refusals.map((one) => one.reason) };
  });
}

interface KeptRow {
  row: number;
  label: string;
  verdict: RowVerdict;
  problems: RowProblem[] | null;
  before: Record<string, Json> | null;
  after: Record<string, Json>;
}

export async function findImportRows(
  tx: Transaction,
  kinds: readonly RosterKind[],
  input: ReadInputOf<typeof listImportRows>,
): Promise<OutputOf<typeof listImportRows> | Refused> {
  const batch = await findBatch(tx, input.id);
  const kind = batch && kindNamed(kinds, batch.kind);
  if (!batch || !kind) return notFound('没有这次导入，或不在您的辖区内');
  const where = sql`
    where batch_id = ${input.id} and (${input.verdict ?? null}::text is null or verdict = ${input.verdict ?? null})
      and (${input.problem ?? null}::text is null or problems @> ${JSON.stringify([input.problem ? { key: input.problem } : {}])}::jsonb)`;
  const { rows } = await sql<KeptRow>`
    select row_number as row, label, verdict, problems, before, after from registers.import_row ${where} order by row_number offset ${input.offset} limit ${input.limit}`.execute(
    tx,
  );
  const total = await sql<{ total: number }>`select count(*)::int as total from registers.import_row ${where}`.execute(
    tx,
  );
  return {
    rows: rows.map((row) => describeRow(row, batch, kind)),
    total: total.rows[0]!.total,
    offset: input.offset,
    limit: input.limit,
  };
}

function describeRow(row: KeptRow, batch: Batch, kind: RosterKind): ImportRow {
  return {
    row: row.row,
    label: row.label,
    verdict: row.verdict,
    problems: (row.problems ?? []).map(({ key, problem, text }) => {
      const column = batch.mapping?.columns.find((one) => one.key === key);
      const title = column?.title ?? labelOf(kind, key) ?? null;
      return {
        cell: column ? `${columnLetters(column.index)}${row.row}` : null,
        title,
        problem,
        text: text ?? null,
        sentence: column
          ? describeProblem({ row: row.row, index: column.index, title: column.title }, problem)
          : `第 ${row.row} 行${title === null ? '' : ` ${title}`}：${problem}`,
      };
    }),
    fields: kind.fields.flatMap((field) => {
      const secret = kind.secret?.includes(field.key);
      // Of what is sealed only the last digits are shown.
      const key = secret ? `${field.key}Tail` : field.key;
      if (!(key in row.after) || (row.verdict === 'changed' && !(key in (row.before ?? {})))) return [];
      const show = (value: Json | undefined) =>
        secret && typeof value === 'string' ? `尾号 ${value}` : shown(field, value);
      const after = row.after[key];
      return [
        {
          key: field.key,
          label: field.label,
          before: row.before ? show(row.before[key]) : null,
          after: after === null ? '（清空）' : show(after),
        },
      ];
    }),
  };
}

function shown(field: Field, value: Json | undefined): string {
  if (value === null || value === undefined) return '待补';
  if (field.kind === 'area') return formatArea(BigInt(value as number));
  if (field.kind === 'money') return formatMoney(BigInt(value as number));
  if (typeof value === 'boolean') return value ? '是' : '否';
  return field.choices?.find((choice) => choice.code === value)?.label ?? String(value);
}

const labelOf = (kind: RosterKind | undefined, key: string | undefined) =>
  kind?.fields.find((field) => field.key === key)?.label;

// ── Workbooks

const workbook = (name: string, bytes: Buffer): FileOutput => ({
  name,
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  bytes,
});

export async function writeTemplate(tx: Transaction, kind: RosterKind, system: System): Promise<FileOutput> {
  return workbook(`${kind.label}模板.xlsx`, await templateWorkbook(await templateOf(tx, kind, system)));
}

/** Only the rows that failed, from the file as it was sent, with their numbers and reasons; on our template, so that it can be sent again. */
export async function writeErrors(
  tx: Transaction,
  kinds: readonly RosterKind[],
  id: number,
  system: System,
): Promise<FileOutput | Refused> {
  const batch = await findBatch(tx, id);
  const kind = batch && kindNamed(kinds, batch.kind);
  if (!batch || !kind) return notFound('没有这次导入，或不在您的辖区内');
  const { rows } = await sql<{ row: number; problems: RowProblem[] }>`
    select row_number as row, problems from registers.import_row where batch_id = ${id} and verdict = 'wrong'`.execute(
    tx,
  );
  if (rows.length === 0) return notFound('这次导入没有错误行');
  const problems = new Map(rows.map((row) => [row.row, row.problems]));
  const columns = batch.mapping!.columns.filter((column) => column.key !== null);
  const titles = Object.fromEntries(
    columns.flatMap((column) =>
      column.unit ? [[column.key!, `${labelOf(kind, column.key!)}（${column.unit.text}）`]] : [],
    ),
  );
  try {
    const { sheets } = await openSheets(tx, system.files, batch);
    const failed = async function* (): AsyncGenerator<FailedRow> {
      const { rows, isData } = dataOf(sheets, batch);
      for await (const row of rows) {
        const found = isData(row) && problems.get(row.number);
        if (!found) continue;
        yield {
          number: row.number,
          cells: Object.fromEntries(columns.map((column) => [column.key!, row.cells[column.index] ?? ''])),
          problems: found.map(({ key, problem }) => ({ ...(key !== undefined && { key }), problem })),
        };
      }
    };
    const bytes = await errorWorkbook(await templateOf(tx, kind, system), failed(), titles);
    return workbook(`${batch.fileName.replace(/\.[^.]*$/, '')}-错误${rows.length}行.xlsx`, bytes);
  } catch (error) {
    if (error instanceof SpreadsheetRefused) return refuse({ reason: error.message });
    throw error;
  }
}

/** The template with this area's own streets and communities to choose from. */
async function templateOf(tx: Transaction, kind: RosterKind, system: System): Promise<Template> {
  const dictionary: Record<string, string[]> = {};
  for (const [key, level] of [
    ['street', 'subdistrict'],
    ['community', 'community'],
  ] as const) {
    if (!kind.fields.some((field) => field.key === key)) continue;
    const { rows } = await sql<{ name: string }>`
      select name from registers.area where level = ${level} and platform.in_scope(code) group by name order by min(code) limit 5000`.execute(
      tx,
    );
    if (rows.length > 0) dictionary[key] = rows.map((row) => row.name);
  }
  return {
    name: kind.code,
    version: kind.version,
    label: kind.label,
    fields: kind.fields,
    dictionary,
    demo: system.demo,
  };
}
