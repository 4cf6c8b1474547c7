import { everything, exportOf, sheetOf } from '../../platform/export.ts';
import { notFound, type Route, route } from '../../platform/http.ts';
import { inEachPost } from '../../registers/people/index.ts';
import { issueDirective, passOnDirective, takeStep } from './commands.ts';
import * as contracts from './contract.ts';
import { draftLetterOf } from './letter.ts';
import { countReceived, findDirectives, findMyTurn, readDirectiveOf } from './queries.ts';

export const routes: Route[] = [
  route(contracts.listDirectives, ({ input, act }) =>
    act(async (tx) => ({ ...(await findDirectives(tx, input, input)), offset: input.offset, limit: input.limit })),
  ),

  route(contracts.exportDirectives, async (asked) => {
    const { rows } = await asked.act((tx) => findDirectives(tx, asked.input, everything));
    return exportOf(
      asked,
      sheetOf({
        title: '督办清单',
        notes: [
          `${contracts.sides[asked.input.side]}，截至 ${asked.today}；期限含已同意的延期，已答复待核的不计超期。`,
        ],
        items: rows,
        columns: [
          { title: '编号', kind: 'integer', of: (one) => BigInt(one.id) },
          { title: '事由', kind: 'text', width: 30, of: (one) => one.title },
          { title: '要办什么', under: '事由', kind: 'text', width: 44, of: (one) => one.demand },
          { title: '依据条款', under: '依据', kind: 'text', of: (one) => one.clauseId },
          { title: '发出单位', under: '谁发的', kind: 'text', width: 26, of: (one) => one.fromName },
          { title: '最初发出', under: '谁发的', kind: 'text', width: 26, of: (one) => one.originName },
          { title: '承办单位', under: '谁承办', kind: 'text', width: 26, of: (one) => one.toName },
          { title: '对象', kind: 'text', width: 22, of: (one) => one.subjectLabel },
          { title: '期间', kind: 'text', of: (one) => one.period },
          { title: '发出日期', kind: 'date', of: (one) => one.issuedOn },
          { title: '期限', kind: 'date', of: (one) => one.due },
          { title: '状态', kind: 'text', of: (one) => contracts.directiveStates[one.state] },
          {
            title: '超期天数',
            under: '期限',
            kind: 'integer',
            of: (one) => (one.overdue ? BigInt(one.daysLate) : null),
          },
        ],
      }),
    );
  }),

  route(contracts.countDirectives, ({ act }) => act(async (tx) => ({ items: await countReceived(tx) }))),

  route(contracts.listMyTurn, async (asked) => ({
    items: (
      await inEachPost(asked, async (tx, post) =>
        post.organisationId === null ? [] : (await findMyTurn(tx)).map((one) => ({ ...one, postId: post.id })),
      )
    ).flat(),
  })),

  route(contracts.readDirective, ({ input, act, person, today }) =>
    act(
      async (tx) =>
        (await readDirectiveOf(tx, input.id, person, today)) ?? notFound('没有这件督办，或不在您的范围之内。'),
    ),
  ),

  route(contracts.issueDirective, ({ input, act, person, today }) =>
    act((tx) => issueDirective(tx, person, input, today)),
  ),

  route(contracts.passOnDirective, ({ input, act, person, today }) =>
    act((tx) => passOnDirective(tx, person, input, today)),
  ),

  route(contracts.draftLetter, ({ input, act, person, today, system }) =>
    act((tx) => draftLetterOf(tx, person, input.id, today, system)),
  ),

  route(contracts.takeStep, ({ input, act, person, today }) => act((tx) => takeStep(tx, person, input, today))),
];
