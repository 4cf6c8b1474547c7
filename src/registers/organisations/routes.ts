/** Binds the contracts of organisations to queries and commands. */
import { everything, exportOf } from '../../platform/export.ts';
import { notFound, type Route, route } from '../../platform/http.ts';
import { registerOrganisation } from './commands.ts';
import * as contracts from './contract.ts';
import { listCompanies, listOrganisations, readCompany, readOrganisation } from './queries.ts';

const unknown = '待补';

export const routes: Route[] = [
  route(contracts.listOrganisations, ({ input, act }) => act((tx) => listOrganisations(tx, input))),
  route(contracts.showOrganisation, ({ input, act }) =>
    act(async (tx) => (await readOrganisation(tx, input.id)) ?? notFound()),
  ),
  route(contracts.registerOrganisationHere, ({ input, person, act }) =>
    act((tx) => registerOrganisation(tx, person, input)),
  ),
  route(contracts.listCompanies, ({ input, today, act }) => act((tx) => listCompanies(tx, input, today))),
  route(contracts.showCompany, ({ input, today, act }) =>
    act(async (tx) => (await readCompany(tx, input.id, today)) ?? notFound()),
  ),
  route(contracts.exportOrganisations, async (asked) => {
    const { rows } = await asked.act((tx) => listOrganisations(tx, { ...asked.input, ...everything }));
    return exportOf(asked, {
      name: '单位名录',
      columns: [
        { title: '单位名称', under: '名称', kind: 'text', width: 36 },
        { title: '类别', kind: 'text' },
        { title: '所在区划', under: '所在', kind: 'text' },
        { title: '上级单位', under: '上级', kind: 'text' },
        { title: '统一社会信用代码', kind: 'text', width: 22 },
        { title: '成立日期', kind: 'date', unknown },
        { title: '纳入日期', kind: 'date' },
        { title: '电话', kind: 'text' },
      ],
      rows: rows.map((one) => [
        one.name,
        contracts.organisationKinds[one.kind],
        one.areaName,
        one.parentName,
        one.uscc,
        one.foundedOn,
        one.enrolledOn,
        one.telephone,
      ]),
    });
  }),
  route(contracts.exportCompanies, async (asked) => {
    const { rows } = await asked.act((tx) => listCompanies(tx, { ...asked.input, ...everything }, asked.today));
    return exportOf(asked, {
      name: '物业服务企业',
      notes: ['党建情况以摸排为准；未摸排的显示待补，不当作“没有”。'],
      columns: [
        { title: '企业名称', under: '企业', kind: 'text', width: 36 },
        { title: '统一社会信用代码', kind: 'text', width: 22, unknown },
        { title: '登记地', under: '注册地', kind: 'text' },
        { title: '谁负责', kind: 'text', width: 28, unknown },
        { title: '登记日期', kind: 'date', unknown },
        { title: '服务项目数', under: '在管项目', kind: 'integer' },
        { title: '正式党员人数', under: '正式党员（人）', kind: 'integer', unknown },
        { title: '具备组建条件', kind: 'yesNo', unknown },
        { title: '单独组建党组织', under: '党组织', kind: 'yesNo', unknown },
        { title: '参加联合党组织', under: '党组织', kind: 'yesNo', unknown },
        { title: '有党建指导员', under: '指导员', kind: 'yesNo', unknown },
        { title: '党的工作已覆盖', under: '工作覆盖', kind: 'yesNo', unknown },
        { title: '纳入日期', kind: 'date' },
      ],
      rows: rows.map((one) => [
        one.name,
        one.uscc,
        one.areaName,
        one.responsibleName,
        one.registeredOn,
        one.projects,
        one.fullMembers,
        one.eligible,
        one.hasPartyOrganisation,
        one.inJointOrganisation,
        one.hasInstructor,
        one.workCovered,
        one.enrolledOn,
      ]),
    });
  }),
];
