/** Binds the contracts of areas to queries and commands. */
import { everything, exportOf } from '../../platform/export.ts';
import { notFound, type Route, route } from '../../platform/http.ts';
import { addArea, enrolArea, setTrial } from './commands.ts';
import * as contracts from './contract.ts';
import { listAreas, readArea } from './queries.ts';

export const routes: Route[] = [
  route(contracts.listAreas, ({ input, act }) => act((tx) => listAreas(tx, input))),
  route(contracts.showArea, ({ input, act }) =>
    act(async (tx) => (await readArea(tx, input.code)) ?? notFound('没有这个区划')),
  ),
  route(contracts.addAreaHere, ({ input, person, act }) => act((tx) => addArea(tx, person, input))),
  route(contracts.enrolArea, ({ input, person, act }) => act((tx) => enrolArea(tx, person, input))),
  route(contracts.tryArea, ({ input, person, today, act }) => act((tx) => setTrial(tx, person, input, today))),
  route(contracts.exportAreas, async (asked) => {
    const { rows } = await asked.act((tx) => listAreas(tx, { ...asked.input, ...everything }));
    return exportOf(asked, {
      name: '区划',
      columns: [
        { title: '区划代码', kind: 'text' },
        { title: '名称', kind: 'text' },
        { title: '层级', kind: 'text' },
        { title: '上级', kind: 'text' },
        { title: '代码为暂编', kind: 'yesNo' },
        { title: '示范区', kind: 'yesNo' },
        { title: '纳入日期', kind: 'date' },
        { title: '试运行截止', kind: 'date' },
        { title: '下级数', kind: 'integer' },
        { title: '小区数', kind: 'integer' },
      ],
      rows: rows.map((area) => [
        area.code,
        area.name,
        contracts.areaLevels[area.level],
        area.parentName,
        area.provisional,
        area.demonstrationZone,
        area.enrolledOn,
        area.trialUntil,
        area.children,
        area.estates,
      ]),
    });
  }),
];
