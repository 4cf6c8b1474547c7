/**
 * The cockpit for a screen on a wall, 1920 × 1080: the same answers as the page, in letters that are read from five metres. Nobody
 * touches it, so nothing scrolls, and what does not fit is counted; nobody is named, only bodies and places.
 */
import type { ReactNode } from 'react';
import type { OutputOf } from '../../kernel/contract.ts';
import { readBoard, readInterventions } from '../../oversight/duties/contract.ts';
import { listIndicators } from '../../oversight/indicators/contract.ts';
import { showArea } from '../../registers/areas/contract.ts';
import { listEstates } from '../../registers/estates/contract.ts';
import { Refusals } from '../shared/feedback.tsx';
import { Go } from '../shared/go.tsx';
import { unanswered, useTitle } from '../shared/page.tsx';
import { useArea, useMay, useMe } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';
import { count } from '../shared/words.tsx';
import './wall.css';

/** What a row of the screen holds. */
const ROWS = 6;
/** Nobody reloads a screen on a wall. */
const AGAIN_MS = 5 * 60_000;
const again = { keep: true, every: () => AGAIN_MS } as const;

type Board = OutputOf<typeof readBoard>;

export function Wall({ year }: { year: number | undefined }) {
  const { deployment } = useMe();
  const may = useMay();
  const area = useArea();
  const board = useAsk(readBoard, { area, year }, again);
  const here = useAsk(showArea, { code: area ?? '' }, { enabled: area !== undefined, ...again });
  const inCommunity = area === undefined || here.data?.level === 'community';
  const name = here.data?.name ?? '';
  useTitle(`${name}驾驶舱`, board.data ? `待办 ${count(board.data.total.owed)}` : unanswered(board));
  return (
    <article className="wall" aria-label="大屏驾驶舱">
      <header>
        <h1>{name || '驾驶舱'}</h1>
        <p>
          {board.data ? `${board.data.year} 年，截至 ${board.data.today}` : unanswered(board)}
          {here.data?.inTrial && '　试运行'}
          {deployment.mode === 'demo' && '　演示数据'}
        </p>
        <Go to="/cockpit" query={{ year }} className="wall-back">
          退出大屏
        </Go>
      </header>
      <Refusals error={board.error} />
      {board.data && <Total of={board.data.total} />}
      <div className="wall-columns">
        {may(readInterventions) && <Interventions area={area} />}
        {board.data &&
          (inCommunity ? <Estates area={area} year={board.data.year} /> : <Areas of={board.data} own={area} />)}
        {may(listIndicators) && <Indicators area={area} />}
      </div>
    </article>
  );
}

function Total({ of }: { of: Board['total'] }) {
  return (
    <section className="wall-total" aria-label="应为减已为">
      <p>
        应为 <b>{count(of.required)}</b>
        <span aria-hidden="true">−</span>
        <span className="unseen">减</span>
        已为 <b>{count(of.done)}</b>
        <span aria-hidden="true">=</span>
        <span className="unseen">等于</span>
        <span className="wall-owed">
          待办 <b>{count(of.owed)}</b>
        </span>
      </p>
      <Bar done={of.done} owed={of.owed} />
    </section>
  );
}

function Bar({ done, owed }: { done: number; owed: number }) {
  return (
    <span className="wall-bar" aria-hidden="true">
      {done > 0 && <i className="wall-bar-done" style={{ flexGrow: done }} />}
      {owed > 0 && <i className="wall-bar-owed" style={{ flexGrow: owed }} />}
    </span>
  );
}

/** As many rows as the screen holds, and how many more there are. */
function Rows<Row>({
  title,
  of,
  none,
  keyOf,
  show,
}: {
  title: string;
  of: readonly Row[] | undefined;
  none: string;
  keyOf: (row: Row) => string | number;
  show: (row: Row) => ReactNode;
}) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {of?.length === 0 && <p className="wall-more">{none}</p>}
      <ol>
        {of?.slice(0, ROWS).map((row) => (
          <li key={keyOf(row)}>{show(row)}</li>
        ))}
      </ol>
      {of && of.length > ROWS && <p className="wall-more">另有 {count(of.length - ROWS)} 个</p>}
    </section>
  );
}

function Interventions({ area }: { area: string | undefined }) {
  const { data } = useAsk(readInterventions, { area, limit: ROWS }, again);
  return (
    <Rows
      title="先要办的"
      of={data?.items}
      none="没有超期的事"
      keyOf={(one) => `${one.subjectKind}:${one.subjectId}`}
      show={(one) => (
        <>
          <span className="wall-name">{one.subjectLabel}</span>
          <b className="wall-owed">超期 {count(one.daysLate)} 天</b>
          <span className="wall-what">{one.worst.label}</span>
        </>
      )}
    />
  );
}

function Areas({ of, own }: { of: Board; own: string | undefined }) {
  return (
    <Rows
      title="各地待办"
      of={[...of.areas].sort((a, b) => b.owed - a.owed)}
      none="这里还没有义务"
      keyOf={(one) => one.code}
      show={(one) => <Place name={one.code === own ? '本级' : one.name} done={one.done} owed={one.owed} />}
    />
  );
}

function Place({ name, done, owed }: { name: string; done: number; owed: number }) {
  return (
    <>
      <span className="wall-name">{name}</span>
      <b className={owed > 0 ? 'wall-owed' : 'wall-met'}>{owed > 0 ? `待办 ${count(owed)}` : '没有待办'}</b>
      <Bar done={done} owed={owed} />
    </>
  );
}

function Estates({ area, year }: { area: string | undefined; year: number }) {
  const { data } = useAsk(listEstates, { area, limit: 100 }, again);
  return (
    <Rows
      title="各小区待办"
      of={data?.rows}
      none="还没有登记小区"
      keyOf={(one) => one.id}
      show={(one) => <Estate id={one.id} name={one.name} year={year} />}
    />
  );
}

function Estate({ id, name, year }: { id: number; name: string; year: number }) {
  const { data } = useAsk(readBoard, { estate: id, year }, again);
  return data ? (
    <Place name={name} done={data.total.done} owed={data.total.owed} />
  ) : (
    <span className="wall-name">{name}</span>
  );
}

/** What falls short comes first: there is something to do about it. */
const order = ['short', 'undecided', 'reached', 'watch', 'none'] as const;
const words = {
  short: '未达到',
  undecided: '待补数据',
  reached: '已达到',
  watch: '只作观察',
  none: '没有对象',
} as const;

function Indicators({ area }: { area: string | undefined }) {
  const { data } = useAsk(listIndicators, { area }, again);
  const counted = data?.items.filter((one) => one.denominator !== '0' && one.status === 'in-force' && !one.final);
  return (
    <Rows
      title="指标"
      of={counted?.sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))}
      none="没有进行中的指标"
      keyOf={(one) => one.id}
      show={(one) => (
        <>
          <span className="wall-name wall-long">{one.label}</span>
          <span className="wall-figure">
            <b className={one.verdict === 'reached' ? 'wall-met' : 'wall-short'}>
              {one.unit === '平方米' ? '面积' : `${count(one.numerator)} / ${count(one.denominator)}`}
            </b>
            <span className="wall-what">{words[one.verdict]}</span>
          </span>
        </>
      )}
    />
  );
}
