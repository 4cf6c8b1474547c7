import type { Indicator } from '../../oversight/indicators/contract.ts';
import { effects, forces, groups, statuses } from '../../registers/requirements/contract.ts';
import { Empty } from '../shared/feedback.tsx';
import { ClauseChips, Go } from '../shared/go.tsx';
import { Ledger } from '../shared/ledger.tsx';
import { useArea } from '../shared/session.tsx';
import { ShareBar } from '../shared/share-bar.tsx';
import { State, VerdictWord } from '../shared/states.tsx';
import { campaignWord, count, labelIn, percent, squareMetres } from '../shared/words.tsx';

/** Indicators as rows, under the heading of their category. */
export function IndicatorRows({ of }: { of: readonly Indicator[] }) {
  const area = useArea();
  // Without one area the packs of all places speak; only what has a subject in sight is shown.
  const shown = area === undefined ? of.filter((one) => one.denominator !== '0') : of;
  if (shown.length === 0) return <Empty>这里适用的政策包没有设指标。</Empty>;
  const sorted = Object.keys(groups).flatMap((category) =>
    shown.filter((one) => (one.category ?? 'reports') === category),
  );
  return (
    <Ledger
      label="指标"
      rows={[...sorted, ...shown.filter((one) => !sorted.includes(one))]}
      keyOf={(one) => one.id}
      columns={[
        {
          title: '分类',
          width: 84,
          show: (one) => <span className="note">{labelIn(groups, one.category ?? 'reports')}</span>,
        },
        { title: '指标', name: true, width: '34%', show: (one) => <Named of={one} /> },
        {
          title: '分子 / 分母',
          number: true,
          width: '15%',
          show: (one) => <Ratio of={one} unit={one.unit} at={one.id} />,
        },
        { title: '完成情况', width: '22%', show: (one) => <ShareWithTarget of={one} target={one.target} /> },
        { title: '结论', width: 104, show: (one) => <Verdict of={one} /> },
        { title: '依据', show: (one) => <ClauseChips ids={one.clauses} /> },
      ]}
    />
  );
}

function Named({ of }: { of: Indicator }) {
  return (
    <>
      <Go to={`/indicators/${of.id}`}>{of.label}</Go>{' '}
      {of.status !== 'in-force' && <State tone="outside">{`${labelIn(statuses, of.status)}·试算`}</State>}
      {of.frozen.length > 0 && <State tone="outside">分母已冻结</State>}
      {of.final && <span className="sub">{`${campaignWord(of.campaign)}已结束，${of.asOf} 的最终结果`}</span>}
      {!of.final && of.by && <span className="sub">{`${of.by} 前完成`}</span>}
      <Definition of={of} />
    </>
  );
}

/** 口径: folded, one tap away from the number; on paper it stands below the name. */
export function Definition({ of }: { of: Indicator }) {
  return (
    <>
      <p className="print-only">口径：{of.definition}</p>
      <details className="definition no-print">
        <summary>口径</summary>
        <p>{of.definition}</p>
        <p>
          {labelIn(forces, of.force)}，{labelIn(effects, of.effect)}。
        </p>
        {of.assumption && <p>本系统的理解：{of.assumption}</p>}
        {of.note && <p>{of.note}</p>}
      </details>
    </>
  );
}

type Figure = Pick<Indicator, 'numerator' | 'denominator' | 'unknown' | 'unweighed' | 'verdict'>;

/** Both numbers open the list behind them. */
export function Ratio({ of, unit, at, area }: { of: Figure; unit: string; at: number; area?: string }) {
  const say = unit === '平方米' ? squareMetres : count;
  const where = area === undefined ? {} : { area };
  return (
    <span className="ratio">
      <Go to={`/indicators/${at}`} query={{ ...where, part: 'counted' }}>
        {say(of.numerator)}
      </Go>
      {' / '}
      <Go to={`/indicators/${at}`} query={{ ...where, part: 'all' }}>
        {say(of.denominator)}
      </Go>
      {unit === '平方米' && ' ㎡'}
      {of.unknown !== '0' && (
        <span className="sub">
          待补{' '}
          <Go to={`/indicators/${at}`} query={{ ...where, part: 'unknown' }}>
            {say(of.unknown)}
          </Go>
        </span>
      )}
      {of.unweighed > 0 && (
        <span className="sub">
          面积待补{' '}
          <Go to={`/indicators/${at}`} query={{ ...where, part: 'unknown' }}>
            {count(of.unweighed)}
          </Go>{' '}
          个
        </span>
      )}
    </span>
  );
}

export function ShareWithTarget({ of, target }: { of: Figure; target: Indicator['target'] }) {
  return (
    <div className="share">
      <ShareBar
        numerator={of.numerator}
        denominator={of.denominator}
        unknown={of.unknown}
        target={target}
        verdict={of.verdict}
      />
      <span className="share-words">
        {percent(of.numerator, of.denominator)}
        {target && `　目标：${target.text}`}
      </span>
    </div>
  );
}

function Verdict({ of }: { of: Indicator }) {
  return (
    <>
      <VerdictWord verdict={of.verdict} />
      {of.final && <span className="sub">最终</span>}
    </>
  );
}
