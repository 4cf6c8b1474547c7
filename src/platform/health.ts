import { monthOf, yearOf } from '../kernel/local-date.ts';
import { sql } from './database.ts';
import type { System } from './system.ts';
import { findVerification } from './verification.ts';
import { findDisagreements, findRestoration } from './witnessing/store.ts';
import { SEALED_WITHIN_SECONDS } from './witnessing/tree.ts';

/** What an administrator should put right although the program runs (decisions 17, 18). Throws when the database does not answer. */
export async function findWarnings(system: System): Promise<string[]> {
  const today = system.clock.today();
  const { years, settings } = await system.database.transaction({ standing: 'auditor', today }, async (tx) => ({
    years: (await sql<{ year: number }>`select year from platform.calendar_year`.execute(tx)).rows.map(
      (row) => row.year,
    ),
    settings: (
      await sql<{ checksums: string; pgaudit: boolean }>`select current_setting('data_checksums') as checksums,
        exists (select from pg_extension where extname = 'pgaudit') as pgaudit`.execute(tx)
    ).rows[0]!,
  }));
  const warnings: string[] = [];
  const needed = [yearOf(today)];
  // The notice for a year appears in November of the one before, and terms begin to reach into it.
  if (monthOf(today) >= 12) needed.push(yearOf(today) + 1);
  for (const year of needed.filter((one) => !years.includes(one))) {
    warnings.push(`${year} 年的放假安排尚未载入，涉及该年的期限都是暂定的；请由管理员载入国务院办公厅的通知。`);
  }
  if (settings.checksums !== 'on')
    warnings.push('PostgreSQL 没有启用数据校验和，磁盘损坏可能不被发现；建议用 pg_checksums 启用。');
  if (!settings.pgaudit) warnings.push('PostgreSQL 没有安装 pgAudit，数据库管理员的操作没有独立记录。');
  return [...warnings, ...(await warningsOfWitnessing(system))];
}

async function warningsOfWitnessing({ database, clock }: System): Promise<string[]> {
  const now = clock.now();
  return database.transaction({ standing: 'auditor', today: clock.today() }, async (tx) => {
    const warnings: string[] = [];
    const verified = await findVerification(tx, now);
    if (verified && verified.faults.length > 0)
      warnings.push(
        `最近一次留痕核验发现 ${verified.faults.length + verified.more} 处不符，第一处是“${verified.faults[0]!.says}”。请运行 bin/gongzhi verify-journal，并保全现场。`,
      );
    if (verified?.late) warnings.push('留痕没有按时核验（每小时一次，附件每夜一次）；请查看后台任务是否在运行。');
    if (await findRestoration(tx))
      warnings.push(
        '刚从备份恢复，只能查看：等待见证方核对；没有见证方或核对不符时，由管理员运行 bin/gongzhi recover 签署恢复声明。',
      );
    for (const one of (await findDisagreements(tx, 'accepted')).slice(0, 3))
      warnings.push(
        `见证方“${one.witness}”持有大小为 ${one.size} 的检查点，与本机不符：记录可能被截断或改写。请运行 bin/gongzhi verify-journal，并保全现场。`,
      );
    const { rows } = await sql<{ name: string; seen: Date | null }>`
      select w.name, max(c.received_at) as seen from platform.witness w left join platform.cosignature c on c.witness_id = w.id
      where w.removed_on is null group by w.id order by w.id`.execute(tx);
    if (rows.length === 0) warnings.push('尚未配置见证方：留痕链完整与否只能由本机自证。');
    for (const { name, seen } of rows)
      if (!seen || now.getTime() - seen.getTime() > WITNESS_SILENT_HOURS * 3_600_000)
        warnings.push(
          `见证方“${name}”${seen ? '已超过一天没有会签' : '还没有会签过'}；请到该处查看见证程序是否在运行。`,
        );
    const { rows: late } = await sql<{ chains: number }>`
      select count(*)::int as chains from platform.journal_head h left join platform.sealed_head s on s.chain = h.chain
      where h.seq > coalesce(s.seq, 0) and (select at from platform.journal j where j.chain = h.chain and j.seq = coalesce(s.seq, 0) + 1)
        < ${now}::timestamptz - make_interval(secs => ${SEALED_WITHIN_SECONDS})`.execute(tx);
    if (late[0]!.chains > 0)
      warnings.push(`有 ${late[0]!.chains} 条留痕链超过两分钟没有封存；请查看后台任务是否在运行。`);
    return warnings;
  });
}

/** A witness looks every minute; a day allows for a computer that is off at night. Ours. */
const WITNESS_SILENT_HOURS = 24;
