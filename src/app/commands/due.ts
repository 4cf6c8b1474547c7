import { checkDivisionCode } from '../../kernel/identifiers.ts';
import { findDuties, standingLabels } from '../../oversight/duties/index.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { everything } from '../../platform/export.ts';
import { type Command, CommandError } from './command.ts';
import { withSystem } from './with-system.ts';

export const due: Command = {
  summary: '列出到期未办和将到期的义务（只读，以审计身份）',
  usage: [
    '用法：bin/gongzhi due [--area 区划代码] [--body 单位编号或名称] [--json]',
    '  --area  只列一地的；--body  只列计在一个单位名下的（它承担的，和别的单位在等它的）',
  ].join('\n'),
  options: { area: { type: 'string' }, body: { type: 'string' } },
  async run({ options: { area, body } }) {
    if (area !== undefined && !checkDivisionCode(area).ok)
      throw new CommandError(`区划代码应为 12 位数字，现在是“${area}”。`);
    const rows = await withSystem(({ database, clock }) =>
      database.transaction({ standing: 'auditor', today: clock.today() }, async (tx) => {
        const bearer = body === undefined ? undefined : await bodyCalled(tx, body);
        return (await findDuties(tx, { area, bearer, standing: ['overdue', 'due-soon'] }, everything)).rows;
      }),
    );
    const wait = (row: (typeof rows)[number]) =>
      row.awaitedName === null ? '' : `  在等${row.awaitedName}（${row.waitingDays} 天）`;
    return {
      data: rows.map((row) => ({
        dueOn: row.dueOn,
        provisional: row.provisional,
        standing: row.standing,
        daysLate: row.daysLate,
        label: row.label,
        subject: row.subjectLabel,
        period: row.periodKey,
        bearer: row.bearerName,
        awaited: row.awaitedName,
        waitingDays: row.waitingDays,
        clauses: row.clauses,
      })),
      text: [
        ...rows.map(
          (row) =>
            `${row.dueOn}${row.provisional ? '（暂定）' : ''}  ${standingLabels[row.standing]}  ${row.label}  ${row.subjectLabel}  ${
              row.bearerName ?? '责任单位待补'
            }${wait(row)}  ${row.clauses.join(' ')}`,
        ),
        '',
        `共 ${rows.length} 项`,
      ].join('\n'),
    };
  },
};

/** A body by its number, its name, or a part of its name that only it has. */
async function bodyCalled(tx: Transaction, asked: string): Promise<number> {
  const id = /^\d{1,9}$/.test(asked) ? Number(asked) : null;
  const { rows } = await sql<{ id: number; name: string; exact: boolean }>`
    select id, name, id = ${id}::int or name = ${asked} as exact from registers.organisation
    where id = ${id}::int or position(${asked} in name) > 0 order by 3 desc nulls last, id limit 6`.execute(tx);
  const exact = rows.filter((row) => row.exact);
  const found = exact.length > 0 ? exact : rows;
  if (found.length === 1) return found[0]!.id;
  throw new CommandError(
    found.length === 0
      ? `没有编号或名称为“${asked}”的单位。`
      : `“${asked}”不止一个单位，请写编号：\n${found.map((row) => `  ${row.id}  ${row.name}`).join('\n')}`,
  );
}
