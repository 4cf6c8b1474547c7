/** Binds the contracts of requirements to queries and commands. */
import { DocumentRefused, readDocument } from '../../platform/documents.ts';
import { everything, exportOf } from '../../platform/export.ts';
import { notFound, type Route, route } from '../../platform/http.ts';
import { attachText, bindPack, withdrawText } from './commands.ts';
import * as contracts from './contract.ts';
import { findOfficialRow, listClauses, listPacks, listRequirements, readClause } from './queries.ts';
import { mayGovern } from './rules.ts';

export const routes: Route[] = [
  route(contracts.listPacks, ({ input, act }) => act((tx) => listPacks(tx, input))),
  route(contracts.bindPackHere, ({ input, person, act }) => act((tx) => bindPack(tx, person, input))),
  route(contracts.listRequirements, ({ input, today, act }) => act((tx) => listRequirements(tx, input, today))),
  route(contracts.listClauses, ({ input, act }) => act((tx) => listClauses(tx, input))),
  route(contracts.showClause, ({ input, act, person, today }) =>
    act(async (tx) => {
      const mayAttach = person.actor.standing === 'office' && mayGovern(person.post);
      const area = input.area ?? person.post.areaCode;
      return (await readClause(tx, input.id, today, { area, mayAttach })) ?? notFound('没有这个条款');
    }),
  ),
  route(contracts.attachText, async ({ input, act, person, file, system }) => {
    const read = await readDocument(file!.bytes).catch((error: unknown) => {
      if (error instanceof DocumentRefused) return { trouble: error.message };
      throw error;
    });
    return act(async (tx) => {
      if ('trouble' in read) return attachText(tx, person, input.text, read);
      const digest = await system.files.put(tx, file!.bytes, read.media);
      return attachText(tx, person, input.text, { digest, name: file!.name, words: read.text });
    });
  }),
  route(contracts.readTextFile, ({ input, act, system }) =>
    act(async (tx) => {
      const found = await findOfficialRow(tx, input.id);
      const file = found && (await system.files.get(tx, found.digest));
      return file ? { name: found.name, mediaType: file.media, bytes: file.bytes } : notFound();
    }),
  ),
  route(contracts.withdrawText, ({ input, act, person, today }) =>
    act((tx) => withdrawText(tx, person, input.id, input.reason, today)),
  ),
  route(contracts.exportPacks, async (asked) => {
    const { rows } = await asked.act((tx) => listPacks(tx, { ...asked.input, ...everything }));
    return exportOf(asked, {
      name: '政策包',
      columns: [
        { title: '政策包', kind: 'text', width: 40 },
        { title: '层级', kind: 'text' },
        { title: '状态', kind: 'text' },
        { title: '文号', kind: 'text', width: 24 },
        { title: '生效日期', kind: 'date' },
        { title: '失效日期', kind: 'date' },
        { title: '参数', kind: 'integer' },
        { title: '职责', kind: 'integer' },
        { title: '指标', kind: 'integer' },
        { title: '条款', kind: 'integer' },
        { title: '现适用于', kind: 'text', width: 30 },
      ],
      rows: rows.map((one) => [
        one.label,
        (contracts.packLevels as Record<string, string>)[one.level] ?? one.level,
        contracts.statuses[one.status],
        one.document.number,
        one.fromOn,
        one.toOn,
        one.parameters,
        one.duties,
        one.indicators,
        one.clauses,
        one.bindings.flatMap((binding) => (binding.inForce ? [binding.areaName] : [])).join('、'),
      ]),
    });
  }),
  route(contracts.exportRequirements, async (asked) => {
    const { rows, packs } = await asked.act((tx) =>
      listRequirements(tx, { ...asked.input, ...everything }, asked.today),
    );
    return exportOf(asked, {
      name: '适用的要求',
      notes: [`适用政策包：${packs.map((pack) => pack.label).join('、') || '无'}`],
      columns: [
        { title: '要求', kind: 'text', width: 40 },
        { title: '内容', kind: 'text', width: 40 },
        { title: '类别', kind: 'text' },
        { title: '分组', kind: 'text' },
        { title: '效力', kind: 'text' },
        { title: '位阶', kind: 'text' },
        { title: '后果', kind: 'text' },
        { title: '依据', kind: 'text', width: 40 },
        { title: '条文核对', kind: 'text' },
        { title: '核对日期', kind: 'date' },
        { title: '试行说明', kind: 'text', width: 30 },
        { title: '政策包', kind: 'text', width: 30 },
      ],
      rows: rows.map((one) => [
        one.label,
        one.says,
        contracts.requirementKinds[one.kind],
        one.group && ((contracts.groups as Record<string, string>)[one.group] ?? one.group),
        contracts.forces[one.force],
        contracts.ranks[one.rank],
        contracts.effects[one.effect],
        one.source,
        one.confidence && contracts.confidences[one.confidence],
        one.checked,
        one.assumption,
        one.packLabel,
      ]),
    });
  }),
  route(contracts.exportClauses, async (asked) => {
    const { rows } = await asked.act((tx) => listClauses(tx, { ...asked.input, ...everything }));
    return exportOf(asked, {
      name: '条款',
      columns: [
        { title: '条款编号', under: '编号', kind: 'text' },
        { title: '文件', kind: 'text', width: 24 },
        { title: '位置', under: '文件', kind: 'text' },
        { title: '要求（我们的话）', under: '要求（释义）', kind: 'text', width: 60 },
        { title: '效力', under: '语气', kind: 'text' },
        { title: '机制', under: '如何回应', kind: 'text' },
        { title: '责任主体', under: '要求谁', kind: 'text', width: 30 },
        { title: '由什么落实', under: '如何回应', kind: 'text' },
      ],
      rows: rows.map((one) => [
        one.id,
        one.documentNumber ?? one.packLabel,
        one.section,
        one.demand,
        contracts.clauseForces[one.force],
        one.mechanismLabel,
        one.actors.map((actor) => actor.label).join('、'),
        contracts.answerKinds[one.answer.kind],
      ]),
    });
  }),
];
