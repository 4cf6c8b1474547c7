/** Binds the contracts of people to sign-in, queries and commands. */
import { everything, exportOf } from '../../platform/export.ts';
import {
  type Asked,
  demandsSecondFactor as demandsSecondFactorOf,
  forbidden,
  notFound,
  type Person,
  type Refused,
  type Route,
  route,
} from '../../platform/http.ts';
import {
  endSession,
  findSession,
  missingFactor,
  type NewSession,
  renewSession,
  signIn,
  switchPost,
  type Wrong,
} from '../../platform/sign-in.ts';
import { addFurtherPost, appoint, changePassword, endPost, openAccount } from './commands.ts';
import * as contracts from './contract.ts';
import { listPosts, readDeployment, readPerson } from './queries.ts';
import { resolvePerson } from './resolve.ts';
import { demandsSecondFactor } from './rules.ts';

export const routes: Route[] = [
  route(contracts.signInHere, async (asked) => {
    const { system, input } = asked;
    const signed = await signIn(system.database, system.clock, { ...input, agent: asked.session.agent });
    return 'refused' in signed ? refusedAttempt(signed, '账号或密码不对', 'password') : welcome(asked, signed.session);
  }),
  route(contracts.signOutHere, async ({ session }) => {
    await session.end();
    return {};
  }),
  route(contracts.switchPost, async (asked) => {
    const { person, input, session } = asked;
    if (!person.posts.some((post) => post.id === input.id)) return forbidden('这不是您现任的职务');
    const renewed = await asked.atTheDoor(async (tx) => {
      await switchPost(tx, session.token!, input.id);
      const switched = (await resolvePerson(tx, person.accountId, input.id))!;
      // Into a post with more rights goes a token nobody has seen before.
      const raised = demandsSecondFactor([switched.post]) && !demandsSecondFactor([person.post]);
      return { switched, session: raised ? await renewSession(tx, session.token!, { now: asked.now }) : undefined };
    });
    if (renewed.session) session.begin(renewed.session);
    return meOf(asked, renewed.switched);
  }),
  route(contracts.changePassword, (asked) => changePassword(asked)),
  route(contracts.openAccount, (asked) => openAccount(asked)),
  route(contracts.showMe, (asked) => meOf(asked, asked.person)),
  route(contracts.listPosts, ({ input, today, act }) => act((tx) => listPosts(tx, input, today))),
  route(contracts.showPerson, ({ input, person, act }) =>
    act(
      async (tx) =>
        (await readPerson(tx, input.id, person.actor.standing)) ?? notFound('没有这个人，或不在您的范围之内。'),
    ),
  ),
  route(contracts.appointHere, (asked) => appoint(asked)),
  route(contracts.addPostHere, (asked) => addFurtherPost(asked)),
  route(contracts.endPost, ({ input, person, today, act }) => act((tx) => endPost(tx, person, input, today))),
  route(contracts.exportPosts, async (asked) => {
    const { rows } = await asked.act((tx) => listPosts(tx, { ...asked.input, ...everything }, asked.today));
    return exportOf(asked, {
      name: '任职名录',
      columns: [
        { title: '姓名', kind: 'text' },
        { title: '单位', kind: 'text', width: 36 },
        { title: '职务', kind: 'text' },
        { title: '所在区划', kind: 'text' },
        { title: '任职日期', under: '任期', kind: 'date' },
        { title: '离任日期', under: '任期', kind: 'date' },
        { title: '依据文件', kind: 'text' },
        { title: '离任依据', under: '依据文件', kind: 'text' },
        { title: '离任理由', under: '依据文件', kind: 'text' },
        { title: '有账号', under: '账号', kind: 'yesNo' },
      ],
      rows: rows.map((one) => [
        one.personName,
        one.organisationName,
        one.title,
        one.areaName,
        one.fromOn,
        one.toOn,
        one.document,
        one.endDocument,
        one.endReason,
        one.hasAccount,
      ]),
    });
  }),
];

/**
 * What every way of signing in ends with: the old session of this browser ends, the new one is given to it, and it learns who it is, or
 * what is still to come.
 */
export async function welcome(asked: Asked<unknown>, begun: NewSession): Promise<contracts.Entered | Refused> {
  const { system, session, now } = asked;
  const found = await asked.atTheDoor(async (tx) => {
    const [opened, person] = [
      await findSession(tx, begun.token, now),
      await resolvePerson(tx, begun.accountId, begun.postId),
    ];
    if (!opened || !person) {
      await endSession(tx, begun.token, now);
      return undefined;
    }
    if (session.token && session.token !== begun.token) await endSession(tx, session.token, now);
    return { person, missing: missingFactor(opened, demandsSecondFactorOf(system, opened, person)) };
  });
  if (!found) return forbidden('这个账号目前没有任职，不能登录。请联系管理员。');
  session.begin(begun);
  return found.missing ? { name: found.person.name, missing: found.missing } : meOf(asked, found.person);
}

async function meOf(asked: Asked<unknown>, { personId, name, post, posts }: Person): Promise<contracts.Me> {
  return { personId, name, post, posts, deployment: await asked.atTheDoor((tx) => readDeployment(tx, asked.today)) };
}

/** One answer for a wrong name and a wrong password: who has an account is nobody's business. */
export function refusedAttempt(wrong: Wrong, reason: string, field: string): Refused {
  if (wrong.refused === 'wrong') return { allowed: false, refusals: [{ reason, field }], status: 401 };
  if (wrong.refused === 'expired')
    return { allowed: false, refusals: [{ reason: '这个临时密码已经过期，请系统管理员再给一个', field }], status: 401 };
  const until = new Date(wrong.untilAt.getTime() + 8 * 3_600_000).toISOString().slice(11, 16);
  return {
    allowed: false,
    refusals: [{ reason: `密码或验证码错误次数过多，账号暂停登录至 ${until}` }],
    status: 429,
  };
}
