import { everything, exportOf, sheetOf } from '../../platform/export.ts';
import { type Asked, type Route, route } from '../../platform/http.ts';
import * as contracts from './contract.ts';
import { findOwnRules, readDivisions, readMeasures } from './queries.ts';
import { parts } from './rules.ts';

/** The area asked for; an office that names none asks about its own. */
function areaOf({ input, person }: Pick<Asked<{ area?: string | undefined }>, 'input' | 'person'>): string | undefined {
  return input.area ?? (person.actor.standing === 'office' ? (person.post.areaCode ?? undefined) : undefined);
}

const matrixOf = (asked: Asked<{ area?: string | undefined }>) =>
  asked.act(async (tx) => ({
    today: asked.today,
    items: await readMeasures(tx, areaOf(asked), asked.today),
    divisions: await readDivisions(tx, areaOf(asked), asked.today),
  }));

export const routes: Route[] = [
  route(contracts.readMatrix, matrixOf),

  route(contracts.exportMatrix, async (asked) => {
    const { items, divisions } = await matrixOf(asked);
    return exportOf(
      asked,
      sheetOf({
        title: '责任矩阵',
        notes: [`截至 ${asked.today}；应办为已到期、已纳入的次数，办成为其中已报备的；未到期、已免除的不计入。`],
        items,
        columns: [
          { title: '出自', kind: 'text', width: 26, of: (one) => one.packLabel },
          { title: '部分', kind: 'text', of: (one) => one.section },
          { title: '措施', kind: 'text', width: 36, of: (one) => one.label },
          { title: '条款', kind: 'text', width: 14, of: (one) => one.clauses.join('、') },
          { title: '责任单位', kind: 'text', width: 20, of: (one) => one.bearer },
          { title: '指导单位', kind: 'text', width: 26, of: (one) => one.guides.join('、') || null },
          ...parts.map((part) => ({
            title: `文本：${part}`,
            kind: 'text' as const,
            width: 20,
            of: (one: contracts.Measure) => one.shares.find((share) => share.part === part)?.bodies ?? null,
          })),
          { title: '配合单位', kind: 'text', width: 20, of: (one) => one.supporting.join('、') || null },
          { title: '办给谁', kind: 'text', width: 20, of: (one) => one.owedTo.join('、') || null },
          { title: '期限', kind: 'text', width: 26, of: (one) => one.rhythm },
          { title: '应办', kind: 'integer', of: (one) => BigInt(one.required) },
          { title: '办成', kind: 'integer', of: (one) => BigInt(one.done) },
          { title: '还欠', kind: 'integer', of: (one) => BigInt(one.owed) },
        ],
      }),
      sheetOf({
        title: '文本写明的分工',
        items: divisions,
        columns: [
          { title: '任务', kind: 'text', width: 34, of: (one) => one.label },
          { title: '分工', kind: 'text', width: 60, of: (one) => one.text },
          { title: '条款', kind: 'text', of: (one) => one.clauses.join('、') },
          { title: '出自', kind: 'text', width: 26, of: (one) => one.packLabel },
        ],
      }),
    );
  }),

  route(contracts.listOwnRules, (asked) =>
    asked.act(async (tx) => {
      const { input, today } = asked;
      const found = await findOwnRules(tx, { ...input, area: areaOf(asked) }, input, today);
      return { ...found, offset: input.offset, limit: input.limit };
    }),
  ),

  route(contracts.exportOwnRules, async (asked) => {
    const { rows } = await asked.act((tx) =>
      findOwnRules(tx, { ...asked.input, area: areaOf(asked) }, everything, asked.today),
    );
    return exportOf(
      asked,
      sheetOf({
        title: '制度清单',
        notes: [`截至 ${asked.today}；要订立制度的事项由政策包列明，已免除的不列。`],
        items: rows,
        columns: [
          { title: '制度', kind: 'text', width: 34, of: (one) => one.label },
          { title: '条款', under: '依据', kind: 'text', of: (one) => one.clauses.join('、') },
          { title: '单位', kind: 'text', width: 28, unknown: '待补', of: (one) => one.bodyName },
          { title: '对象', kind: 'text', width: 24, of: (one) => one.subjectLabel },
          { title: '状态', kind: 'text', of: (one) => contracts.ruleStates[one.state] },
          { title: '应订立日期', under: '日期', kind: 'date', of: (one) => one.dueOn },
          { title: '订立日期', under: '日期', kind: 'date', of: (one) => one.ruledOn },
          { title: '说明（名称、文号）', under: '说明和文件', kind: 'text', width: 40, of: (one) => one.summary },
          { title: '文件', under: '说明和文件', kind: 'integer', of: (one) => BigInt(one.files) },
        ],
      }),
    );
  }),
];
