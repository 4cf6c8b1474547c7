import { everything, exportOf, sheetOf } from '../../platform/export.ts';
import { type Route, route } from '../../platform/http.ts';
import * as contracts from './contract.ts';
import { listFlaws, readFlawCounts } from './queries.ts';

export const routes: Route[] = [
  route(contracts.listFlaws, ({ input, today, act }) => act((tx) => listFlaws(tx, input, today))),
  route(contracts.countFlaws, ({ input, today, act }) => act((tx) => readFlawCounts(tx, input, today))),
  route(contracts.exportFlaws, async (asked) => {
    const { rows } = await asked.act((tx) =>
      listFlaws(tx, { ...asked.input, ...everything, sort: 'kind', order: 'asc' }, asked.today),
    );
    return exportOf(
      asked,
      sheetOf({
        title: '数据质量',
        notes: [`截至 ${asked.today}，由底册当日算出；改好底册，问题随即消失。`],
        items: rows,
        columns: [
          { title: '问题', kind: 'text', width: 28, of: (one) => contracts.flawKinds[one.kind].label },
          { title: '所在', kind: 'text', of: (one) => one.areaName },
          { title: '哪一项', kind: 'text', width: 30, of: (one) => one.name },
          { title: '情形', kind: 'text', width: 40, of: (one) => one.detail },
          { title: '自何日起', kind: 'date', of: (one) => one.since },
          { title: '怎么改', kind: 'text', width: 40, of: (one) => contracts.flawKinds[one.kind].remedy },
          { title: '谁能改', kind: 'text', width: 26, unknown: '待补', of: (one) => one.keeperName },
          { title: '哪些岗位', under: '谁能改', kind: 'text', width: 24, of: (one) => one.posts.join('、') || null },
        ],
      }),
    );
  }),
];
