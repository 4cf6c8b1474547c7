import type { Contract, OutputOf } from '../../../kernel/contract.ts';
import { type Duty, readWorkbench } from '../../../oversight/duties/contract.ts';
import { fileDeed } from '../../../procedures/filings/contract.ts';
import { listEstates } from '../../../registers/estates/contract.ts';
import { uploadRoster } from '../../../registers/rosters/contract.ts';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Page, Section, unanswered } from '../../shared/page.tsx';
import { standingOf, useMay, useMe } from '../../shared/session.tsx';
import { SubtractionBar } from '../../shared/subtraction-bar.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { count } from '../../shared/words.tsx';
import { Administration } from '../administration.tsx';
import { CorrectionsOwed } from '../corrections-owed.tsx';
import { dutyColumns } from '../duty-columns.tsx';
import { Overview } from '../overview.tsx';

const { label, subject, bearer, period, due, state, clauses, act } = dutyColumns;
const columns = [label, subject, period, due, state, clauses, act];

export function Component() {
  const { post } = useMe();
  return ['system', 'security', 'audit'].includes(standingOf(post)) ? <Administration /> : <Workbench />;
}

/** What is to be done by whoever is signed in, for all their posts at once. */
function Workbench() {
  const { post: current, posts, name } = useMe();
  const query = useAsk(readWorkbench, {});
  const whose = posts.every((one) => one.organisationId === null)
    ? '您的小区'
    : posts.length > 1
      ? `您的 ${posts.length} 个身份`
      : '您';
  const open = query.data?.posts.reduce(
    (total, one) => total + [one.items, one.awaited, one.escalated, one.proposals].flat().length,
    0,
  );
  return (
    <Page
      title="工作台"
      state={open === undefined ? unanswered(query) : open === 0 ? '没有待办' : `${open} 项待办`}
      lead={query.data && `${name}，今天是 ${query.data.today}。下面是${whose}要办的事，先急后缓。`}
    >
      <Shown query={query} what="待办">
        {(answer) => (
          <>
            <FirstStep />
            {answer.posts.map((one) => {
              const post = posts.find((each) => each.id === one.postId);
              const year = Number(answer.today.slice(0, 4));
              return (
                <Section
                  key={one.postId}
                  title={one.organisationName}
                  note={post?.title}
                  actions={
                    post?.organisationId && (
                      <Go to="/duties" query={{ bearer: post.organisationId, tab: 'all' }}>
                        本单位全部义务
                      </Go>
                    )
                  }
                >
                  {post?.organisationId ? (
                    <SubtractionBar of={one.own} behind={{ bearer: post.organisationId, year }} />
                  ) : (
                    <p className="note">您本人没有义务。下面是您的小区里别的单位还没有办的事。</p>
                  )}
                  <Todo of={one.items} organisation={one.organisationName} />
                  <Waiting of={one} />
                  {one.supervised && (
                    <Supervised
                      of={one.supervised}
                      areaName={post?.areaName ?? ''}
                      area={post?.areaCode ?? undefined}
                      year={year}
                    />
                  )}
                </Section>
              );
            })}
            <CorrectionsOwed />
            {answer.posts.some((one) => one.postId === current.id && one.supervised) && <Overview />}
            <Help />
          </>
        )}
      </Shown>
    </Page>
  );
}

/** Where to begin in a district that has no estate yet. */
function FirstStep() {
  const may = useMay();
  const mayBring = may(listEstates) && may(uploadRoster);
  const estates = useAsk(listEstates, { limit: 1 }, { enabled: mayBring });
  if (!mayBring || estates.data?.total !== 0) return null;
  return (
    <Empty
      action={
        <Go to="/imports/new" query={{ kind: 'estates', way: 'paste' }}>
          粘贴小区名单
        </Go>
      }
    >
      辖区里还没有小区。第一步：把手头的小区名单粘贴进来，有小区名称、街道、社区三列就够；谁该办什么，随后自动列出。
    </Empty>
  );
}

function Todo({ of, organisation }: { of: readonly Duty[]; organisation: string }) {
  if (of.length === 0) return <Empty>没有超期或即将到期的事。</Empty>;
  return (
    <Ledger
      label={`${organisation}的待办`}
      rows={of}
      columns={columns}
      keyOf={(one) => one.id}
      overdue={(one) => one.standing === 'overdue'}
    />
  );
}

/** What others wait for, what waits for others, and what another's proposal to waive waits for. */
function Waiting({
  of: { organisationName, awaited, escalated, warned, waiting, proposals, postId },
}: {
  of: OutputOf<typeof readWorkbench>['posts'][number];
}) {
  const { posts } = useMe();
  const borneBy = posts.find((one) => one.id === postId)?.organisationId ?? undefined;
  return (
    <>
      {warned.length > 0 && (
        <>
          <h3>再不办就要上报</h3>
          <Ledger
            label={`${organisationName}再不办就要上报的事`}
            rows={warned}
            columns={[
              label,
              subject,
              period,
              due,
              { title: '上报给', show: (one) => one.recipient },
              { title: '上报之日', show: (one) => <span className="nowrap">{one.escalatesOn}</span> },
              act,
            ]}
            keyOf={(one) => one.id}
            overdue={(one) => one.standing === 'overdue'}
          />
        </>
      )}
      {escalated.length > 0 && (
        <>
          <h3>上报到这里的</h3>
          <Ledger
            label={`上报到${organisationName}的事`}
            rows={escalated}
            columns={[
              label,
              subject,
              bearer,
              due,
              state,
              { title: '上报之日', show: (one) => <span className="nowrap">{one.escalatedOn}</span> },
            ]}
            keyOf={(one) => one.id}
            overdue={() => true}
          />
        </>
      )}
      {awaited.length > 0 && (
        <>
          <h3>别的单位在等您答复</h3>
          <Ledger
            label={`在等${organisationName}答复的事`}
            rows={awaited}
            columns={[
              label,
              subject,
              bearer,
              { title: '在等什么', show: (one) => one.asked },
              { title: '等了几天', number: true, show: (one) => count(one.waitingDays ?? 0) },
              due,
            ]}
            keyOf={(one) => one.id}
            overdue={(one) => one.standing === 'overdue'}
          />
        </>
      )}
      {proposals.length > 0 && (
        <>
          <h3>等您确认的免除</h3>
          <Ledger
            label={`等${organisationName}确认的免除`}
            rows={proposals}
            columns={[label, subject, period, bearer, { title: '提出的理由', show: (one) => one.proposedReason }]}
            keyOf={(one) => one.id}
          />
        </>
      )}
      {waiting > 0 && (
        <p className="note">
          <Go to="/duties" query={{ borneBy, tab: 'waiting' }}>
            本单位有 {count(waiting)} 项在等别的单位
          </Go>
        </p>
      )}
    </>
  );
}

function Supervised({
  of,
  area,
  areaName,
  year,
}: {
  of: Parameters<typeof SubtractionBar>[0]['of'];
  area: string | undefined;
  areaName: string;
  year: number;
}) {
  return (
    <div className="supervised">
      <h3>
        {areaName}辖区内各单位（{year} 年）
        <Go to="/cockpit" query={{ area }}>
          进入驾驶舱
        </Go>
      </h3>
      <SubtractionBar of={of} size="row" behind={{ area, year }} />
      {of.notEnrolled > 0 && <p className="note">另有 {count(of.notEnrolled)} 项在纳入之前到期，不计入。</p>}
    </div>
  );
}

const shortcuts: readonly { to: string; label: string; needs?: Contract }[] = [
  { to: '/filings/new', label: '报备一件已经办成的事', needs: fileDeed },
  { to: '/imports/new', label: '导入名册', needs: uploadRoster },
  { to: '/clauses', label: '查一条要求是怎么说的' },
  { to: '/estates', label: '找一个小区' },
];

function Help() {
  const may = useMay();
  return (
    <Section title="常用">
      <ul className="shortcuts">
        {shortcuts
          .filter((one) => !one.needs || may(one.needs))
          .map((one) => (
            <li key={one.to}>
              <Go to={one.to}>{one.label}</Go>
            </li>
          ))}
      </ul>
    </Section>
  );
}
