/** 区划名册: sub-districts and communities under their official codes, with the bodies each of them has. */
import { levelOfDivision, parentDivision } from '../../../kernel/identifiers.ts';
import { sql } from '../../../platform/database.ts';
import type { Field } from '../../../platform/spreadsheets/index.ts';
import { column } from '../columns.ts';
import type { RosterKind } from '../kind.ts';
import type { Json, PlannedArea, RowProblem } from '../rosters.ts';
import { addPlannedAreas } from '../store.ts';

const fields: readonly Field[] = [
  {
    key: 'code',
    label: '区划代码',
    kind: 'division',
    required: true,
    synonyms: ['统计用区划代码', '行政区划代码', '代码', '区划编码', '社区代码', '编码'],
    example: '990102001001',
  },
  {
    key: 'name',
    label: '名称',
    kind: 'text',
    required: true,
    maxLength: 40,
    synonyms: ['区划名称', '街道社区名称', '单位名称', '社区名称', '街道名称'],
    example: '春江社区',
  },
];

export const areas: RosterKind = {
  code: 'areas',
  label: '区划名册',
  version: 1,
  fields,
  keys: [column('code', 'code', 'text')],
  missing: (mapped) => fields.filter((field) => !mapped.has(field.key)).map((field) => field.label),

  async open({ tx, sender }) {
    const { rows } = await sql<{ code: string; name: string; parentCode: string | null }>`
      select code, name, parent_code as "parentCode" from registers.area`.execute(tx);
    const known = new Map(rows.map((area) => [area.code, area]));
    const sent = new Set<string>();
    const names = new Map(rows.map((area) => [`${area.parentCode}/${area.name}`, area.code]));
    return {
      read({ code, name }, row) {
        const problems: RowProblem[] = [];
        const after: Record<string, Json> = {};
        if (typeof name === 'string') after.name = name;
        if (typeof code === 'string') {
          after.code = code;
          const level = levelOfDivision(code);
          if (level !== 'subdistrict' && level !== 'community')
            problems.push({ key: 'code', problem: '只导入街道（乡镇）和社区（村）；区县及以上由管理员设立' });
          else if (code < sender.lo || code >= sender.hi)
            problems.push({ key: 'code', problem: '这个区划不在您的辖区内' });
          else if (code === sender.areaCode)
            problems.push({ key: 'code', problem: '这是您自己的区划，不能由名册改动' });
          else {
            const parent = aboveOf(code);
            if (parent === null)
              problems.push({ key: 'code', problem: '没有登记它的上级街道（乡镇）。请把上级写在它的前面' });
            else {
              if (!known.has(code)) after.parentCode = parent;
              const other = names.get(`${parent}/${name}`);
              if (other !== undefined && other !== code)
                problems.push({ key: 'name', problem: `同一上级下已有“${name}”，代码 ${other}` });
              else names.set(`${parent}/${name}`, code);
              sent.add(code);
            }
          }
        }
        return { label: String(name ?? `第 ${row} 行`), identity: String(code), after, problems };
      },
    };

    function aboveOf(code: string): string | null {
      for (let above = parentDivision(code); above !== null; above = parentDivision(above)) {
        if (known.has(above) || sent.has(above)) return above;
        // A community whose sub-district is missing is not hung on the district.
        if (levelOfDivision(above) === 'subdistrict') return null;
      }
      return null;
    }
  },

  current: (rows) => sql`
    select r.*, case when a.code is not null then jsonb_build_object('code', a.code, 'name', a.name, 'parentCode', a.parent_code) end as current,
      null::text as problem_key, null::text as problem
    from (${rows}) r left join registers.area a on a.code = r.code`,

  async write({ tx, rows, batch, today }) {
    const { rows: fresh } = await sql<PlannedArea>`
      select r.after->>'code' as code, r.after->>'name' as name, r.after->>'parentCode' as "parentCode", false as provisional,
        case when r.after->>'code' like '%000' then 'subdistrict' else 'community' end as level
      from (${rows}) r where r.verdict = 'new' order by 1`.execute(tx);
    await addPlannedAreas(tx, fresh, today, batch.id);
    await sql`update registers.area a set name = r.after->>'name' from (${rows}) r where r.verdict = 'changed' and a.code = r.code`.execute(
      tx,
    );
  },

  async restore({ tx, rows }) {
    await sql`update registers.area a set name = r.before->>'name' from (${rows}) r where r.before ? 'name' and a.code = r.code`.execute(
      tx,
    );
  },
};
