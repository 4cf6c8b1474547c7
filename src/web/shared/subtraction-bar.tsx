/** The signature of the product: 应为 − 已为 = 待办, in the same form on every page. */
import { type Subtraction, standingLabels } from '../../oversight/duties/contract.ts';
import { Go } from './go.tsx';
import type { Query } from './session.tsx';
import { count } from './words.tsx';

interface BarProps {
  of: Subtraction;
  /** The filter of the duties behind the numbers; without it the numbers open nothing (they stand beside their list). */
  behind?: Query;
  size?: 'large' | 'row';
}

export function SubtractionBar({ of, behind, size = 'large' }: BarProps) {
  const { required, done, owed } = of;
  return (
    <div className={`subtraction subtraction-${size}`}>
      <p className="subtraction-words">
        <Term word="应为" value={required} behind={behind} query={{ tab: 'fallen' }} />
        <span aria-hidden="true">−</span>
        <span className="unseen">减</span>
        <Term word="已为" value={done} behind={behind} query={{ tab: 'done' }} />
        <span aria-hidden="true">=</span>
        <span className="unseen">等于</span>
        <Term word="待办" value={owed} behind={behind} query={{ tab: 'overdue' }} emphasis={owed > 0} />
      </p>
      {required > 0 ? (
        <div className="subtraction-bar" aria-hidden="true">
          {done > 0 && <span className="bar-done" style={{ flexGrow: done }} />}
          {owed > 0 && <span className="bar-owed" style={{ flexGrow: owed }} />}
        </div>
      ) : (
        <div className="subtraction-bar bar-none" aria-hidden="true" />
      )}
      {size === 'large' && <Outside of={of} behind={behind} />}
    </div>
  );
}

/** What lies outside of the subtraction: not yet due, not enrolled, calculated on trial. */
function Outside({ of, behind }: { of: Subtraction; behind: Query | undefined }) {
  const parts = [
    [standingLabels['due-soon'], of.dueSoon, { tab: 'due-soon' }],
    [standingLabels['not-due'], of.notDue, { tab: 'not-due' }],
    [standingLabels.paused, of.paused, { tab: 'paused' }],
    [standingLabels.waived, of.waived, { tab: 'waived' }],
    [standingLabels['not-enrolled'], of.notEnrolled, { tab: 'not-enrolled' }],
    [standingLabels.lapsed, of.lapsed, { tab: 'lapsed' }],
    ['材料后补', of.evidenceDue, { tab: 'evidence' }],
  ] as const;
  const some = parts.filter(([, value]) => value > 0);
  return (
    <p className="subtraction-outside">
      {of.required === 0 && <span>目前没有到期的义务</span>}
      {some.map(([word, value, query]) => (
        <Term key={word} word={word} value={value} behind={behind} query={query} />
      ))}
    </p>
  );
}

function Term({
  word,
  value,
  behind,
  query,
  emphasis = false,
}: {
  word: string;
  value: number;
  behind: Query | undefined;
  query: Query;
  emphasis?: boolean;
}) {
  const figure = (
    <>
      {word} <b>{count(value)}</b>
    </>
  );
  const className = emphasis ? 'term term-owed' : 'term';
  return behind ? (
    <Go to="/duties" query={{ ...behind, ...query }} className={className}>
      {figure}
    </Go>
  ) : (
    <span className={className}>{figure}</span>
  );
}
