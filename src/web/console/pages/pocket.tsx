/** 掌上工作台: what is to be done, for a thumb; whoever follows a link in a chat has done it in three taps. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import { directiveStates, listMyTurn } from '../../../oversight/directives/contract.ts';
import { readWorkbench } from '../../../oversight/duties/contract.ts';
import { listToPost } from '../../../procedures/documents/contract.ts';
import { fileDeed } from '../../../procedures/filings/contract.ts';
import { type Correction, listCorrections } from '../../../registers/corrections/contract.ts';
import { Empty, Refusals, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Page, Section, unanswered } from '../../shared/page.tsx';
import { standingOf, useMay, useMe } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { count, daysWord } from '../../shared/words.tsx';
import { DutyState } from '../duty-columns.tsx';
import { useTurn } from '../post-switch.tsx';

/** One thing to do: where it stands, and where it is done in one step when that is somewhere else. */
interface Thing {
  key: string;
  postId: number;
  to: string;
  title: string;
  about: string;
  due?: string;
  state?: ReactNode;
  overdue?: boolean;
  act?: { to: string; label: string };
}

export function Component() {
  const { deployment, posts, post } = useMe();
  const may = useMay();
  const duties = useAsk(readWorkbench, {});
  const directives = useAsk(listMyTurn, {});
  const notices = useAsk(listToPost, {});
  // Those still without an answer: changing the register afterwards is no work for a thumb.
  const corrections = useAsk(
    listCorrections,
    { side: 'received', state: 'open', limit: 20 },
    { enabled: standingOf(post) === 'office' },
  );
  // An owner bears nothing: what stands open in the estate is for others to do.
  const bearing = (duties.data?.posts ?? []).filter((one) =>
    posts.some(({ id, organisationId }) => id === one.postId && organisationId !== null),
  );
  // Only offices pass a directive on.
  const offices = new Set(posts.filter((one) => standingOf(one) === 'office').map(({ id }) => id));
  const todo = [
    ...bearing.flatMap(thingsOf),
    ...(directives.data?.items ?? []).map((one) => directiveThing(one, offices.has(one.postId))),
  ];
  const loaded = duties.data && directives.data && notices.data;
  const total = todo.length + (notices.data?.items.length ?? 0) + (corrections.data?.total ?? 0);
  return (
    <Page
      printable={false}
      title="掌上工作台"
      state={loaded ? (total === 0 ? '没有待办' : `${total} 件待办`) : unanswered(duties, directives, notices)}
      lead={`今天是 ${deployment.today}。您各个身份要办的都在这里，先急后缓，点开就办。`}
    >
      <Section title="要办的事">
        <Shown query={duties} what="义务">
          {() => (
            <Shown query={directives} what="督办">
              {() => (
                <Things
                  of={todo.toSorted((a, b) => (a.due! < b.due! ? -1 : 1))}
                  empty="没有超期、将到期或轮到您办的事。"
                />
              )}
            </Shown>
          )}
        </Shown>
      </Section>
      <Section title="要发到群里的通知" note="发过以后点开，记为已发">
        <Shown query={notices} what="通知">
          {({ items }) => <Things of={items.map(noticeThing)} empty="没有要发的通知。" />}
        </Shown>
      </Section>
      {corrections.data && corrections.data.total > 0 && (
        <Section title="要答复的纠错" note={`共 ${count(corrections.data.total)} 件，先来的在前`}>
          <Things of={corrections.data.rows.map((one) => correctionThing(one, post.id))} empty="" />
        </Section>
      )}
      <Section title="别的事">
        <ul className="pocket">
          {may(fileDeed) && (
            <li>
              <Go to="/filings/new" className="pocket-thing">
                报备一件已经办成的事
              </Go>
            </li>
          )}
          <li>
            <Go to="/" className="pocket-thing">
              打开完整的工作台
            </Go>
          </li>
        </ul>
      </Section>
    </Page>
  );
}

function thingsOf({ postId, items, awaited, proposals }: OutputOf<typeof readWorkbench>['posts'][number]): Thing[] {
  const thing = (one: (typeof items)[number], about: string): Thing => ({
    key: `duty-${one.id}-${postId}`,
    postId,
    to: `/duties/${one.id}`,
    title: one.label,
    about,
    due: one.dueOn,
    overdue: one.standing === 'overdue',
    state: <DutyState of={one} />,
  });
  return [
    ...items.map((one) => ({
      ...thing(one, `${one.subjectLabel}　${one.period}`),
      act: { to: `/filings/new?duty=${one.id}`, label: '报备' },
    })),
    ...awaited.map((one) => ({
      ...thing(one, `${one.bearerName ?? ''}在等您答复：${one.asked}`),
      key: `wait-${one.id}`,
    })),
    ...proposals.map((one) => ({ ...thing(one, `等您确认免除：${one.proposedReason}`), key: `waiver-${one.id}` })),
  ];
}

function directiveThing(one: OutputOf<typeof listMyTurn>['items'][number], ofOffice: boolean): Thing {
  return {
    key: `directive-${one.id}`,
    postId: one.postId,
    to: `/directives/${one.id}`,
    title: one.title,
    about: one.state === 'open' ? `${one.fromName}督办` : `督办${one.toName}`,
    ...(ofOffice && one.state === 'open' && { act: { to: `/directives/${one.id}?do=passOn`, label: '转办' } }),
    due: one.due,
    overdue: one.overdue,
    state: (
      <State tone={one.overdue ? 'overdue' : 'calm'}>
        {one.overdue ? daysWord(one.daysLate) : directiveStates[one.state]}
      </State>
    ),
  };
}

function correctionThing(one: Correction, postId: number): Thing {
  return {
    key: `correction-${one.id}`,
    postId,
    to: `/corrections/${one.id}`,
    title: `${one.subjectLabel}：${one.fieldLabel}`,
    about: `${one.organisationName ?? '业主'}说应当是 ${one.shouldBe}`,
  };
}

function noticeThing(one: OutputOf<typeof listToPost>['items'][number]): Thing {
  return {
    key: `notice-${one.id}-${one.postId}`,
    postId: one.postId,
    to: `/documents/${one.id}`,
    title: one.title,
    about: `${one.issuedOn} 发文，还有 ${one.groups} 个群没有发`,
  };
}

function Things({ of, empty }: { of: readonly Thing[]; empty: string }) {
  const { posts, post } = useMe();
  const turn = useTurn();
  if (of.length === 0) return <Empty>{empty}</Empty>;
  // A thing of another of one's posts is done in that post.
  const link = (one: Thing, to: string, className: string, inside: ReactNode, label?: string) => (
    <Link
      to={to}
      className={className}
      aria-label={label}
      onClick={(event) => {
        if (one.postId === post.id) return;
        event.preventDefault();
        void turn.to(one.postId, to).catch(() => {});
      }}
    >
      {inside}
    </Link>
  );
  return (
    <>
      <Refusals error={turn.error} />
      <ul className="pocket" aria-busy={turn.busy}>
        {of.map((one) => (
          <li key={one.key} className={one.overdue ? 'pocket-overdue' : undefined}>
            {link(
              one,
              one.to,
              'pocket-thing',
              <>
                <span>{one.title}</span>
                <span className="sub">{one.about}</span>
                {one.due && (
                  <span className="sub">
                    {one.due} 前　{one.state}
                  </span>
                )}
                {posts.length > 1 && (
                  <span className="sub">以{posts.find(({ id }) => id === one.postId)?.organisationName}的身份</span>
                )}
              </>,
            )}
            {one.act &&
              link(one, one.act.to, 'pocket-act', one.act.label, `${one.act.label}：${one.title} ${one.about}`)}
          </li>
        ))}
      </ul>
    </>
  );
}
