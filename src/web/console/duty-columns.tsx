import type { Duty } from '../../oversight/duties/contract.ts';
import { fileDeed } from '../../procedures/filings/contract.ts';
import { ClauseChips, Go } from '../shared/go.tsx';
import type { Column } from '../shared/ledger.tsx';
import { useMay } from '../shared/session.tsx';
import { StandingWord, State, Trial } from '../shared/states.tsx';
import { daysWord, Missing } from '../shared/words.tsx';

/** The place a duty is about, opened where it has a page. */
export function Subject({ of }: { of: Pick<Duty, 'subjectKind' | 'subjectId' | 'subjectLabel' | 'estateId'> }) {
  const to = subjectPath(of);
  return to ? <Go to={to}>{of.subjectLabel}</Go> : <>{of.subjectLabel}</>;
}

export function subjectPath({
  subjectKind,
  subjectId,
  estateId,
}: Pick<Duty, 'subjectKind' | 'subjectId' | 'estateId'>): string | undefined {
  if (subjectKind === 'companies') return `/companies/${subjectId}`;
  if (subjectKind === 'committees' || subjectKind === 'managementCommittees') return `/committees/${subjectId}`;
  if (estateId !== null) return `/estates/${estateId}`;
  return /^\d{12}$/.test(subjectId) ? `/cockpit?area=${subjectId}` : undefined;
}

export function DutyState({ of }: { of: Duty }) {
  return (
    <>
      {of.standing === 'overdue' ? (
        <State tone="overdue">{daysWord(of.daysLate)}</State>
      ) : (
        <StandingWord standing={of.standing} />
      )}{' '}
      {of.effect === 'trial' && of.standing !== 'lapsed' && <State tone="outside">试算</State>}
      {of.inTrial && <Trial />}
      {of.standing === 'due-soon' && <span className="days"> {daysWord(of.daysLate)}</span>}
      {of.evidenceDue && <span className="days"> 材料后补</span>}
      {of.provisional && <span className="days"> 期限暂定</span>}
      {of.pausedUntil && <span className="days"> 到 {of.pausedUntil}</span>}
      {of.awaitedName && (
        <span className="days">
          {' '}
          在等{of.awaitedName}（{of.waitingDays} 天）
        </span>
      )}
    </>
  );
}

export const dutyColumns: Record<
  'label' | 'subject' | 'place' | 'bearer' | 'period' | 'due' | 'state' | 'clauses' | 'act',
  Column<Duty>
> = {
  label: { title: '事项', name: true, show: (one) => <Go to={`/duties/${one.id}`}>{one.label}</Go> },
  subject: { title: '对象', show: (one) => <Subject of={one} /> },
  place: { title: '所在', show: (one) => one.place || '--' },
  bearer: { title: '责任单位', show: (one) => <Bodies of={one} /> },
  period: { title: '期间', show: (one) => <span className="nowrap">{one.period}</span> },
  due: { title: '应办日期', show: (one) => <span className="nowrap">{one.dueOn}</span> },
  state: { title: '状态', show: (one) => <DutyState of={one} /> },
  clauses: { title: '依据', show: (one) => <ClauseChips ids={one.clauses} /> },
  act: { title: '操作', screenOnly: true, show: (one) => <Act of={one} /> },
};

/** Who bears it, and below, smaller, whom it is done for and who helps. */
function Bodies({ of: { bearerName, owedTo, supporting } }: { of: Duty }) {
  const others = [
    ...(owedTo.length > 0 ? [`办给${owedTo.join('、')}`] : []),
    ...(supporting.length > 0 ? [`${supporting.join('、')}配合`] : []),
  ];
  return (
    <>
      {bearerName ?? <Missing />}
      {others.length > 0 && <span className="sub">{others.join('；')}</span>}
    </>
  );
}

function Act({ of }: { of: Duty }) {
  const may = useMay();
  if (of.filingId) return <Go to={`/filings/${of.filingId}`}>看报备</Go>;
  if (of.standing === 'met' || of.standing === 'waived' || !may(fileDeed))
    return <Go to={`/duties/${of.id}`}>看要求</Go>;
  return (
    <Go to="/filings/new" query={{ duty: of.id }} label={`报备：${of.label} ${of.subjectLabel} ${of.period}`}>
      报备
    </Go>
  );
}
