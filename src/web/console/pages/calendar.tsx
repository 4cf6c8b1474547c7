import type { OutputOf } from '../../../kernel/contract.ts';
import { dayOf, labelOfPeriod, localDate, weekdayOf } from '../../../kernel/local-date.ts';
import { downloadMonth, exportMonth, type MonthLine, readMonth } from '../../../oversight/duties/contract.ts';
import { organisationKinds } from '../../../registers/organisations/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { ClauseChips, Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { type Query, standingOf, useArea, useMe } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { TabLine } from '../../shared/tab-line.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count, labelIn } from '../../shared/words.tsx';
import { MonthField, useMonth } from '../month-field.tsx';
import '../sheets.css';

type Month = OutputOf<typeof readMonth>;

/** What is due this month, on which day: of one's own body, or of all in sight. */
export function Component() {
  const url = useUrl();
  const { post } = useMe();
  const area = useArea();
  const month = useMonth(url);
  const own = post.organisationId ?? undefined;
  const whose = (own !== undefined && url.one('of', ['own', 'area'] as const)) || 'own';
  const filter: Query = whose === 'own' ? { bearer: own } : { area };
  const input = { month, ...(whose === 'own' ? { bearer: own } : { area }) };
  const query = useAsk(readMonth, input, { keep: true });
  const lines = query.data?.lines ?? [];
  const open = lines.reduce((sum, one) => sum + one.total - one.done, 0);
  return (
    <Page
      title={`${labelOfPeriod(month)}日历`}
      state={query.data ? (open === 0 ? '没有待办' : `待办 ${count(open)} 项`) : unanswered(query)}
      lead="每一天有什么事到期。期限落在休息日的，已顺延到下一个工作日。"
      actions={
        <>
          <MonthField url={url} />
          <ExportButton of={exportMonth} input={input} />
          <ExportButton of={downloadMonth} input={input}>
            存入手机日历
          </ExportButton>
        </>
      }
      definition="未纳入、已免除和试算过期的不列。放假安排来自国务院办公厅的通知；没有公布的年份标“暂定”。"
    >
      <TabLine
        label="看谁的"
        name="of"
        current={whose}
        of={[
          { key: 'own', label: '本单位' },
          { key: 'area', label: standingOf(post) === 'office' ? '辖区各单位' : '小区里各单位' },
        ]}
      />
      <Shown query={query} what="日历">
        {(answer) => (
          <>
            {answer.days.some((one) => !one.settled) && (
              <p className="note">放假安排还没有公布，标“暂定”的日期公布后可能顺延。</p>
            )}
            {answer.lines.length === 0 && answer.ends.length === 0 && (
              <Empty
                action={
                  <Go to="/duties" query={{ ...filter, tab: 'all' }}>
                    看全部义务
                  </Go>
                }
              >
                这个月没有到期的事。
              </Empty>
            )}
            <Days of={answer} />
            {answer.ends.map((one) => (
              <p key={one.indicator}>
                {dayWord(one.on)} 行动期限：<Go to={`/indicators/${one.indicator}`}>{one.label}</Go>{' '}
                <ClauseChips ids={one.clauses} />
              </p>
            ))}
            {answer.lines.length > 0 && <Dues of={answer} filter={filter} />}
          </>
        )}
      </Shown>
    </Page>
  );
}

const weekdays = '一二三四五六日';
const dayWord = (on: string) => `${dayOf(localDate(on))}日`;

/** Seven columns: on which day how much. A phone has the list below and the holidays in words. */
function Days({ of }: { of: Month }) {
  const marked = (mark: 'rest' | 'work') => of.days.filter((one) => one.marked === mark).map((one) => dayWord(one.on));
  const [rest, work] = [marked('rest'), marked('work')];
  return (
    <>
      <ol className="month">
        {of.days.map((day) => {
          const lines = of.lines.filter((one) => one.dueOn === day.on);
          const open = lines.reduce((sum, one) => sum + one.total - one.done, 0);
          const weekday = weekdayOf(localDate(day.on));
          return (
            <li
              key={day.on}
              className={`day${day.rest ? ' day-rest' : ''}${day.on === of.today ? ' day-today' : ''}`}
              style={day === of.days[0] ? { gridColumnStart: weekday } : undefined}
            >
              <p>
                <b>{dayOf(localDate(day.on))}</b>{' '}
                <span className="sub-inline">
                  周{weekdays[weekday - 1]}
                  {day.on === of.today && ' 今天'}
                  {day.marked === 'rest' && ' 休'}
                  {day.marked === 'work' && ' 班'}
                </span>
              </p>
              {lines.length > 0 && (
                <a href={`#due-${day.on}`} className={open > 0 ? 'day-open' : 'day-done'}>
                  {open > 0 ? `待办 ${count(open)} 项` : '都已办'}
                </a>
              )}
              {of.ends.some((one) => one.on === day.on) && <p>行动期限</p>}
            </li>
          );
        })}
      </ol>
      {(rest.length > 0 || work.length > 0) && (
        <p className="note">
          {rest.length > 0 && `放假：${rest.join('、')}。`}
          {work.length > 0 && `周末上班：${work.join('、')}。`}
        </p>
      )}
    </>
  );
}

/** What is due, day by day. */
function Dues({ of, filter }: { of: Month; filter: Query }) {
  const first = new Map(of.lines.map((one) => [one.dueOn, one]).reverse() as [string, MonthLine][]);
  return (
    <Ledger
      label="到期的事"
      rows={of.lines}
      keyOf={(one) => `${one.source}${one.matter}${one.dueOn}${one.period}${one.bearerKind}`}
      overdue={(one) => one.overdue > 0}
      columns={[
        {
          title: '期限',
          width: 110,
          show: (one) => (
            <span className="nowrap" id={first.get(one.dueOn) === one ? `due-${one.dueOn}` : undefined}>
              {dayWord(one.dueOn)} 周{weekdays[weekdayOf(localDate(one.dueOn)) - 1]}{' '}
              {one.provisional && <State tone="outside">暂定</State>}
            </span>
          ),
        },
        {
          title: '事项',
          name: true,
          show: (one) =>
            one.id !== null ? (
              <Go to={`/duties/${one.id}`}>{one.label}</Go>
            ) : (
              <Go to="/duties" query={{ ...filter, matter: one.matter, month: of.month, tab: 'all' }}>
                {one.label}
              </Go>
            ),
        },
        { title: '对象', show: (one) => one.about },
        { title: '谁办', show: (one) => labelIn(organisationKinds, one.bearerKind) },
        { title: '期间', show: (one) => <span className="nowrap">{one.period}</span> },
        { title: '状态', show: (one) => <LineState of={one} /> },
        { title: '依据', show: (one) => (one.clauses.length > 0 ? <ClauseChips ids={one.clauses} /> : one.source) },
      ]}
    />
  );
}

function LineState({ of }: { of: MonthLine }) {
  if (of.done === of.total) return <State tone="met">已办</State>;
  if (of.effect === 'trial') return <State tone="outside">试算</State>;
  const done = of.done > 0 ? `，已办 ${count(of.done)}` : '';
  if (of.overdue > 0)
    return <State tone="overdue">{`超期${of.total === 1 ? '' : ` ${count(of.overdue)} 项`}${done}`}</State>;
  return <State tone="calm">{`待办${done}`}</State>;
}
