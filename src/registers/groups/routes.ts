import { everything, exportOf, sheetOf } from '../../platform/export.ts';
import { notFound, type Route, route } from '../../platform/http.ts';
import { addGroup, closeGroup } from './commands.ts';
import * as contracts from './contract.ts';
import { findGroup, findGroups } from './queries.ts';

export const routes: Route[] = [
  route(contracts.listGroups, ({ input, act }) => act((tx) => findGroups(tx, input, input))),

  route(contracts.exportGroups, async (asked) => {
    const { rows } = await asked.act((tx) => findGroups(tx, asked.input, everything));
    return exportOf(
      asked,
      sheetOf({
        title: '群台账',
        notes: ['只登记群和负责单位；没有成员名单，没有电话。'],
        items: rows,
        columns: [
          { title: '小区', kind: 'text', width: 24, of: (one) => one.estateName },
          { title: '群名称', under: '群', kind: 'text', width: 30, of: (one) => one.name },
          { title: '类别', kind: 'text', of: (one) => contracts.groupKinds[one.kind] },
          { title: '负责单位', kind: 'text', width: 26, of: (one) => one.organisationName },
          { title: '登记日期', kind: 'date', of: (one) => one.addedOn },
          { title: '停用日期', under: '停用', kind: 'date', of: (one) => one.closedOn },
          { title: '停用原因', under: '停用', kind: 'text', width: 30, of: (one) => one.closedReason },
        ],
      }),
    );
  }),

  route(contracts.showGroup, ({ input, act }) =>
    act(async (tx) => (await findGroup(tx, input.id)) ?? notFound('没有这个群，或不在您的范围之内。')),
  ),

  route(contracts.addGroup, ({ input, act, person, today }) => act((tx) => addGroup(tx, person, input, today))),

  route(contracts.closeGroup, ({ input, act, today }) => act((tx) => closeGroup(tx, input.id, input.reason, today))),
];
