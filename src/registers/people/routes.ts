/** Binds the contracts of people to sign-in, queries and commands. */
import { everything, exportOf } from '../../platform/export.ts';
import { type Asked, forbidden, type Person, type Refused, type Route, route } from '../../platform/http.ts';
import { endSession, signIn, switchPost } from '../../platform/sign-in.ts';
import { appoint, changePassword, openAccount } from './commands.ts';
import * as contracts from './contract.ts';
import { listPosts, readDeployment } from './queries.ts';
import { resolvePerson } from './resolve.ts';

export const routes: Route[] = [
  route(contracts.signInHere, async (asked) => {
    const { system, input, now } = asked;
    const signed = await signIn(system.database, system.clock, input);
    if ('refused' in signed) return refusedSignIn(signed);
    const person = await asked.atTheDoor((tx) => resolvePerson(tx, signed.session.accountId, null));
    if (!person) {
      await asked.atTheDoor((tx) => endSession(tx, signed.session.token, now));
      return forbidden('这个账号目前没有任职，不能登录。请联系管理员。');
    }
    asked.session.begin(signed.session);
    return meOf(asked, person);
  }),
  route(contracts.signOutHere, async ({ session }) => {
    await session.end();
    return {};
  }),
  route(contracts.switchPost, async (asked) => {
    const { person, input, session } = asked;
    if (!person.posts.some((post) => post.id === input.id)) return forbidden('这不是您现任的职务');
    await asked.atTheDoor((tx) => switchPost(tx, session.token!, input.id));
    const switched = await asked.atTheDoor((tx) => resolvePerson(tx, person.accountId, input.id));
    return meOf(asked, switched!);
  }),
  route(contracts.changePassword, (asked) => changePassword(asked)),
  route(contracts.openAccount, (asked) => openAccount(asked)),
  route(contracts.showMe, (asked) => meOf(asked, asked.person)),
  route(contracts.listPosts, ({ input, today, act }) => act((tx) => listPosts(tx, input, today))),
  route(contracts.appointHere, (asked) => appoint(asked)),
  route(contracts.exportPosts, async (asked) => {
    const { rows } = await asked.act((tx) => listPosts(tx, { ...asked.input, ...everything }, asked.today));
    return exportOf(asked, {
      name: '任职名录',
      columns: [
        { title: '姓名', kind: 'text' },
        { title: '单位', kind: 'text', width: 36 },
        { title: '职务', kind: 'text' },
        { title: '所在区划', kind: 'text' },
        { title: '任职日期', kind: 'date' },
        { title: '离任日期', kind: 'date' },
        { title: '依据文件', kind: 'text' },
        { title: '有账号', kind: 'yesNo' },
      ],
      rows: rows.map((one) => [
        one.personName,
        one.organisationName,
        one.title,
        one.areaName,
        one.fromOn,
        one.toOn,
        one.document,
        one.hasAccount,
      ]),
    });
  }),
];

async function meOf(asked: Asked<unknown>, { personId, name, post, posts }: Person): Promise<contracts.Me> {
  return { personId, name, post, posts, deployment: await asked.atTheDoor((tx) => readDeployment(tx, asked.today)) };
}

/** One answer for a wrong name and a wrong password: who has an account is nobody's business. */
function refusedSignIn(signed: { refused: 'wrong' } | { refused: 'locked'; untilAt: Date }): Refused {
  if (signed.refused === 'wrong')
    return { allowed: false, refusals: [{ reason: '账号或密码不对', field: 'password' }], status: 401 };
  const until = new Date(signed.untilAt.getTime() + 8 * 3_600_000).toISOString().slice(11, 16);
  return { allowed: false, refusals: [{ reason: `密码错误次数过多，账号暂停登录至 ${until}` }], status: 429 };
}
