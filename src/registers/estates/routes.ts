/** Binds the contracts of estates to queries. */
import { everything, exportOf } from '../../platform/export.ts';
import { notFound, type Route, refuse, route } from '../../platform/http.ts';
import { refusalOfBar } from '../people/index.ts';
import { openOwnerPhones } from './commands.ts';
import * as contracts from './contract.ts';
import {
  listCommittees,
  listEstates,
  listOwners,
  listProjects,
  listUnits,
  readCommittee,
  readEstate,
  readProject,
  readUnit,
} from './queries.ts';

const unknown = '待补';

export const routes: Route[] = [
  route(contracts.listEstates, ({ input, today, act }) => act((tx) => listEstates(tx, input, today))),
  route(contracts.showEstate, ({ input, person, today, act }) =>
    act(async (tx) => {
      const barred = refusalOfBar(person.bars, { estateId: input.id });
      if (barred) return { ...refuse(barred), status: 403 };
      return (await readEstate(tx, input.id, today, person.actor.standing !== 'resident')) ?? notFound();
    }),
  ),
  route(contracts.listUnits, ({ input, today, act }) => act((tx) => listUnits(tx, input, today))),
  route(contracts.showUnit, ({ input, person, today, act }) =>
    act(async (tx) => (await readUnit(tx, input.id, today, person.actor.standing)) ?? notFound()),
  ),
  route(contracts.listOwners, ({ input, today, act }) => act((tx) => listOwners(tx, input, today))),
  route(contracts.listCommittees, ({ input, today, act }) => act((tx) => listCommittees(tx, input, today))),
  route(contracts.showCommittee, ({ input, today, act }) =>
    act(async (tx) => (await readCommittee(tx, input.id, today)) ?? notFound()),
  ),
  route(contracts.listProjects, ({ input, today, act }) => act((tx) => listProjects(tx, input, today))),
  route(contracts.showProject, ({ input, today, act }) =>
    act(async (tx) => (await readProject(tx, input.id, today)) ?? notFound()),
  ),
  route(contracts.exportEstates, async (asked) => {
    const { rows } = await asked.act((tx) => listEstates(tx, { ...asked.input, ...everything }, asked.today));
    return exportOf(asked, {
      name: '小区',
      notes: ['未摸排或未填报的显示待补，不当作“没有”或 0。'],
      columns: [
        { title: '街道', under: '街道、社区', kind: 'text' },
        { title: '社区', under: '街道、社区', kind: 'text' },
        { title: '小区名称', under: '小区', kind: 'text', width: 28 },
        { title: '类型', kind: 'text', unknown },
        { title: '地址', kind: 'text', width: 36, unknown },
        { title: '户数', kind: 'integer', unknown },
        { title: '楼栋数', kind: 'integer', unknown },
        { title: '建筑面积（㎡）', kind: 'area', unknown },
        { title: '建成年份', kind: 'text', unknown },
        { title: '有物业服务', under: '物业服务', kind: 'yesNo', unknown },
        { title: '物业服务企业', under: '物业服务', kind: 'text', width: 32 },
        { title: '有业委会', under: '业主组织', kind: 'yesNo', unknown },
        { title: '有物管会', under: '业主组织', kind: 'yesNo', unknown },
        { title: '已长效管理', kind: 'yesNo', unknown },
        { title: '维修资金不足户数', kind: 'integer', unknown },
        { title: '纳入日期', kind: 'date' },
      ],
      rows: rows.map((one) => [
        one.subdistrictName,
        one.communityName,
        one.name,
        one.kind && contracts.estateKinds[one.kind],
        one.address,
        one.households,
        one.buildingCount,
        one.floorAreaCentiM2,
        one.completedYear?.toString(),
        one.served,
        one.companyName,
        one.hasCommittee,
        one.hasManagementCommittee,
        one.longTermManaged,
        one.fundAlarmUnits,
        one.enrolledOn,
      ]),
    });
  }),
  route(contracts.exportUnits, async (asked) => {
    const { rows } = await asked.act((tx) => listUnits(tx, { ...asked.input, ...everything }, asked.today));
    return exportOf(asked, {
      name: '房屋',
      columns: [
        { title: '楼栋', under: '房号', kind: 'text' },
        { title: '房号', kind: 'text' },
        { title: '用途', kind: 'text' },
        { title: '面积（㎡）', kind: 'area', unknown },
        { title: '业主人数', under: '业主（人）', kind: 'integer' },
      ],
      rows: rows.map((one) => [one.buildingName, one.name, contracts.unitKinds[one.kind], one.areaCentiM2, one.owners]),
    });
  }),
  route(contracts.exportOwners, async (asked) => {
    const { rows } = await asked.act((tx) => listOwners(tx, { ...asked.input, ...everything }, asked.today));
    return exportOf(asked, {
      name: '业主',
      notes: ['电话只列尾号；完整号码加密保存，查看须留痕。'],
      columns: [
        { title: '楼栋', under: '房号', kind: 'text' },
        { title: '房号', kind: 'text' },
        { title: '业主', kind: 'text' },
        { title: '电话尾号', under: '电话', kind: 'text', unknown },
        { title: '面积（㎡）', kind: 'area', unknown },
        { title: '取得日期', kind: 'date', unknown },
      ],
      rows: rows.map((one) => [one.buildingName, one.unitName, one.name, one.phoneTail, one.areaCentiM2, one.fromOn]),
    });
  }),
  route(contracts.exportOwnerPhones, async (asked) => {
    const { input, system } = asked;
    const opened = await asked.act((tx) => openOwnerPhones(tx, system.sealing, input, asked.today));
    if ('allowed' in opened) return opened;
    return exportOf(asked, {
      name: '业主电话',
      notes: [`导出理由：${input.reason}。每个号码的查看都已留痕，本人看得到；用完即删。`],
      columns: [
        { title: '楼栋', kind: 'text' },
        { title: '房号', kind: 'text' },
        { title: '业主', kind: 'text' },
        { title: '电话', kind: 'text', unknown },
      ],
      rows: opened.map((one) => [one.buildingName, one.unitName, one.name, one.phone]),
    });
  }),
  route(contracts.exportCommittees, async (asked) => {
    const { rows } = await asked.act((tx) => listCommittees(tx, { ...asked.input, ...everything }, asked.today));
    return exportOf(asked, {
      name: '业主组织',
      columns: [
        { title: '街道', under: '街道、社区', kind: 'text' },
        { title: '社区', under: '街道、社区', kind: 'text' },
        { title: '小区', under: '街道、社区', kind: 'text', width: 28 },
        { title: '名称', kind: 'text', width: 32 },
        { title: '类别', under: '种类', kind: 'text' },
        { title: '任期开始', kind: 'date', unknown },
        { title: '任期届满', kind: 'date', unknown },
        { title: '在任期内', under: '任期届满', kind: 'yesNo', unknown },
        { title: '委员人数', under: '委员（人）', kind: 'integer', unknown },
        { title: '党员委员人数', under: '其中党员', kind: 'integer', unknown },
        { title: '业主委员人数', kind: 'integer', unknown },
        { title: '有党小组', under: '党组织', kind: 'yesNo', unknown },
      ],
      rows: rows.map((one) => [
        one.subdistrictName,
        one.communityName,
        one.estateName,
        one.name,
        contracts.committeeKinds[one.kind],
        one.termFrom,
        one.termTo,
        one.inTerm,
        one.members,
        one.partyMembers,
        one.ownerMembers,
        one.hasPartyUnit,
      ]),
    });
  }),
  route(contracts.exportProjects, async (asked) => {
    const { rows } = await asked.act((tx) => listProjects(tx, { ...asked.input, ...everything }, asked.today));
    return exportOf(asked, {
      name: '物业项目',
      columns: [
        { title: '社区', kind: 'text' },
        { title: '小区', kind: 'text', width: 28 },
        { title: '服务方式', kind: 'text' },
        { title: '企业', kind: 'text', width: 32 },
        { title: '项目负责人', kind: 'text', unknown },
        { title: '有质量督导员', under: '质量督导员', kind: 'yesNo', unknown },
        { title: '进场日期', under: '起止', kind: 'date', unknown },
        { title: '退场日期', under: '起止', kind: 'date' },
        { title: '在服务', under: '状态', kind: 'yesNo' },
      ],
      rows: rows.map((one) => [
        one.communityName,
        one.estateName,
        contracts.serviceModes[one.mode],
        one.companyName,
        one.managerName,
        one.supervised,
        one.startedOn,
        one.endedOn,
        one.inForce,
      ]),
    });
  }),
];
