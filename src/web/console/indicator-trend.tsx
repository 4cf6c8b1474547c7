import { Button } from 'antd';
import type { OutputOf } from '../../kernel/contract.ts';
import {
  exportTrend,
  type IndicatorMonth,
  type readIndicator,
  readTrend,
} from '../../oversight/indicators/contract.ts';
import { ExportButton } from '../shared/export-button.tsx';
import { Shown } from '../shared/feedback.tsx';
import { Ledger } from '../shared/ledger.tsx';
import { Section } from '../shared/page.tsx';
import { useMe } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';
import { useUrl } from '../shared/use-url.ts';
import { count, percent, squareMetres } from '../shared/words.tsx';

type Of = OutputOf<typeof readIndicator>;

/** The figure at the end of each month: a line to see it by, the same as a table to read it by. */
export function Trend({ of, area }: { of: Of; area: string | undefined }) {
  const { post } = useMe();
  // A campaign that has ended has its final result; a line would go on without it.
  return post.level === null || of.final ? null : <Line of={of} area={area} />;
}

function Line({ of, area }: { of: Of; area: string | undefined }) {
  const url = useUrl();
  const anew = url.one('anew', ['yes'] as const);
  const query = useAsk(readTrend, { id: of.id, area, anew }, { keep: true });
  const say = of.unit === '平方米' ? squareMetres : count;
  const ratio = (one: { numerator: string; denominator: string }) => `${say(one.numerator)} / ${say(one.denominator)}`;
  return (
    <Section
      title="月末走势"
      note="每月最后一天的数，存下后不再改动；只计当日已纳入的对象"
      actions={
        <>
          <Button onClick={() => url.change({ anew: anew ? undefined : 'yes' })}>
            {anew ? '不再重算' : '按今天的底册重算'}
          </Button>
          <ExportButton of={exportTrend} input={{ id: of.id, area, anew }} />
        </>
      }
    >
      <Shown query={query} what="走势">
        {({ months }) =>
          months.length === 0 ? (
            <p className="note">还没有月末的数。每月结束后自动存下；当日没有已纳入的对象时不显示。</p>
          ) : (
            <>
              <Sparkline months={months} target={of.target} />
              <details className="definition" open={anew !== undefined}>
                <summary>用表格看</summary>
                <Ledger
                  label="月末走势"
                  rows={months}
                  keyOf={(one) => one.asOf}
                  columns={[
                    { title: '截至', name: true, show: (one) => one.asOf },
                    { title: '分子 / 分母', number: true, show: ratio },
                    { title: '比例', number: true, show: (one) => percent(one.numerator, one.denominator) },
                    {
                      title: '待补',
                      number: true,
                      show: (one) => (one.unweighed > 0 ? `面积待补 ${count(one.unweighed)} 个` : say(one.unknown)),
                    },
                    ...(anew
                      ? [
                          {
                            title: '按今天的底册重算',
                            show: (one: IndicatorMonth) =>
                              one.anew === null
                                ? '--'
                                : ratio(one.anew) === ratio(one)
                                  ? '一致'
                                  : `${ratio(one.anew)}（底册后来有更正）`,
                          },
                        ]
                      : []),
                    { title: '存下的日期', show: (one) => one.takenOn },
                  ]}
                />
              </details>
            </>
          )
        }
      </Shown>
    </Section>
  );
}

const box = { width: 320, height: 64, edge: 6 };

/** Zero to the whole, the target dashed across. What it shows is in the table beside it. */
function Sparkline({ months, target }: { months: readonly IndicatorMonth[]; target: Of['target'] }) {
  const known = months.flatMap((one, at) =>
    one.denominator === '0' ? [] : [{ at, share: Number(one.numerator) / Number(one.denominator), of: one }],
  );
  const x = (at: number) =>
    box.edge + (months.length === 1 ? 0.5 : at / (months.length - 1)) * (box.width - 2 * box.edge);
  const y = (share: number) => box.height - box.edge - Math.min(1, share) * (box.height - 2 * box.edge);
  const first = known[0];
  const last = known.at(-1);
  return (
    <figure className="trend">
      <svg viewBox={`0 0 ${box.width} ${box.height}`} aria-hidden="true">
        <line className="trend-base" x1={box.edge} x2={box.width - box.edge} y1={y(0)} y2={y(0)} />
        {target && target.b > 0 && (
          <line
            className="trend-target"
            x1={box.edge}
            x2={box.width - box.edge}
            y1={y(target.a / target.b)}
            y2={y(target.a / target.b)}
          />
        )}
        <polyline className="trend-line" points={known.map(({ at, share }) => `${x(at)},${y(share)}`).join(' ')} />
        {last && <circle className="trend-last" cx={x(last.at)} cy={y(last.share)} r="3" />}
      </svg>
      <figcaption>
        {first && last
          ? `${first.of.asOf} ${percent(first.of.numerator, first.of.denominator)} → ${last.of.asOf} ${percent(last.of.numerator, last.of.denominator)}`
          : '还画不出线'}
        {target && `　虚线为目标：${target.text}`}
      </figcaption>
    </figure>
  );
}
