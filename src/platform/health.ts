import { monthOf, yearOf } from '../kernel/local-date.ts';
import { sql } from './database.ts';
import type { System } from './system.ts';

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
  warnings.push('尚未配置见证方：留痕链完整与否只能由本机自证。');
  return warnings;
}
