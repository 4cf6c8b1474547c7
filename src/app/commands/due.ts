import { divisionRange } from '../../kernel/identifiers.ts';
import { sql } from '../../platform/database.ts';
import type { Command } from './command.ts';
import { withSystem } from './with-system.ts';

export const due: Command = {
  summary: '列出到期未办和将到期的义务（只读，以审计身份）',
  usage: '用法：bin/gongzhi due [--area 区划代码] [--json]',
  options: { area: { type: 'string' } },
  async run({ options }) {
    const { lo, hi } = options.area ? divisionRange(options.area) : { lo: '0', hi: ':' };
    const rows = await withSystem(async ({ database, clock }) => {
      const found = await database.transaction({ standing: 'auditor', today: clock.today() }, (tx) =>
        sql<{
          dueOn: string;
          standing: string;
          label: string;
          subject: string;
          bearer: string | null;
          clauses: string[];
        }>`
          select d.due_on as "dueOn", d.standing, r.label, d.subject_label as subject, b.name as bearer, r.clauses
          from oversight.duty_standing d join registers.requirement r on r.id = d.requirement_id left join registers.organisation b on b.id = d.bearer_id
          where d.standing in ('overdue', 'due-soon') and d.scope >= ${lo} and d.scope < ${hi} order by d.due_on, d.id`.execute(
          tx,
        ),
      );
      return found.rows;
    });
    const words: Record<string, string> = { overdue: '已超期', 'due-soon': '将到期' };
    return {
      data: rows,
      text: [
        ...rows.map(
          (row) =>
            `${row.dueOn}  ${words[row.standing]}  ${row.label}  ${row.subject}  ${row.bearer ?? '责任单位待补'}  ${row.clauses.join(' ')}`,
        ),
        '',
        `共 ${rows.length} 项`,
      ].join('\n'),
    };
  },
};
