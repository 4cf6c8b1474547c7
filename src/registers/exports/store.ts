import type { LocalDate } from '../../kernel/local-date.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import type { Person } from '../../platform/http.ts';
import type { ExportJob } from './contract.ts';

export async function addExport(
  tx: Transaction,
  person: Person,
  job: { path: string; label: string; input: object; askedAt: Date; keptUntil: LocalDate },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into registers.export_job (account_id, person_id, organisation_id, post_id, path, label, input, asked_at, kept_until)
    values (${person.accountId}, ${person.personId}, ${person.post.organisationId}, ${person.post.id}, ${job.path}, ${job.label},
      ${JSON.stringify(job.input)}::jsonb, ${job.askedAt}, ${job.keptUntil}) returning id`.execute(tx);
  return rows[0]!.id;
}

export async function findExports(tx: Transaction): Promise<ExportJob[]> {
  const { rows } = await sql<ExportJob>`
    select id, label, case when file_digest is not null then 'ready' when problem is not null then 'failed' else 'waiting' end as state,
      asked_at as "askedAt", kept_until as "keptUntil", name, bytes, problem
    from registers.export_job where kept_until >= platform.today() order by id desc limit 200`.execute(tx);
  return rows;
}

export interface KeptExport {
  id: number;
  accountId: number;
  postId: number;
  organisationId: number;
  path: string;
  label: string;
  input: object;
  keptUntil: LocalDate;
  barred: number[] | null;
  name: string | null;
  digest: string | null;
}

export async function findExport(tx: Transaction, id: number): Promise<KeptExport | undefined> {
  const { rows } = await sql<KeptExport>`
    select id, account_id as "accountId", post_id as "postId", organisation_id as "organisationId", path, label, input, kept_until as "keptUntil",
      barred, name, file_digest as digest
    from registers.export_job where id = ${id}`.execute(tx);
  return rows[0];
}

export async function keepWritten(
  tx: Transaction,
  id: number,
  file: { name: string; bytes: number; digest: string; barred: readonly number[] },
): Promise<void> {
  await sql`update registers.export_job set name = ${file.name}, bytes = ${file.bytes}, file_digest = ${file.digest},
    barred = ${[...file.barred]}::int[], problem = null where id = ${id}`.execute(tx);
}

export async function keepProblem(tx: Transaction, id: number, problem: string): Promise<void> {
  await sql`update registers.export_job set problem = ${problem} where id = ${id} and file_digest is null`.execute(tx);
}

export async function sweepExports(tx: Transaction): Promise<void> {
  await sql`delete from registers.export_job where kept_until < platform.today()`.execute(tx);
}
