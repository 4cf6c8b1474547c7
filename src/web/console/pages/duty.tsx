import { Link } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import { issueDirective } from '../../../oversight/directives/contract.ts';
import { readDuty, standingLabels } from '../../../oversight/duties/contract.ts';
import { organisationKinds } from '../../../registers/organisations/contract.ts';
import { clauseForces, effects, groups } from '../../../registers/requirements/contract.ts';
import { ClauseChip, ClauseChips, Go } from '../../shared/go.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { useAddress, useMay } from '../../shared/session.tsx';
import { labelIn, Missing } from '../../shared/words.tsx';
import { Befallen, DutyActs, Escalations } from '../duty-acts.tsx';
import { DutyState, Subject } from '../duty-columns.tsx';
import { Reminder } from '../reminder.tsx';

export function Component() {
  return (
    <RecordDetail of={readDuty} what="义务">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

function Record({ of }: { of: OutputOf<typeof readDuty> }) {
  const address = useAddress();
  const may = useMay();
  return (
    <Page
      title={of.label}
      state={standingLabels[of.standing]}
      lead={
        <>
          {of.subjectLabel}　{of.period}　<DutyState of={of} />
        </>
      }
      actions={
        <>
          {of.mayFile && (
            <Link className="primary-link" to={address('/filings/new', { duty: of.id })}>
              报备
            </Link>
          )}
          <DutyActs of={of} />
          {of.standing === 'overdue' && may(issueDirective) && (
            <Link to={address('/directives/new', { duty: of.id })}>督办</Link>
          )}
          {of.standing === 'overdue' && of.bearerId !== null && (
            <Reminder bearer={of.bearerId} name={of.bearerName ?? '责任单位'} />
          )}
        </>
      }
    >
      <Facts
        of={{
          谁办: (
            <>
              {of.bearerName ?? <Missing />}（{labelIn(organisationKinds, of.bearerKind)}）
            </>
          ),
          '为谁、为哪里': (
            <>
              <Subject of={of} />
              {of.place && `（${of.place}）`}
            </>
          ),
          办给谁: of.owedTo.length > 0 ? of.owedTo.join('、') : '--',
          谁配合: of.supporting.length > 0 ? of.supporting.join('、') : '--',
          谁指导监督: of.guides.length > 0 ? of.guides.join('、') : '--',
          何时: `${of.rhythm}；这一期 ${of.dueOn} 前${of.provisional ? '（暂定：放假安排公布后确定）' : ''}${
            of.pausedDays > 0 ? `，已顺延暂停的 ${of.pausedDays} 天` : ''
          }`,
          凭什么: (
            <>
              {of.source} <ClauseChips ids={of.clauses} />
            </>
          ),
          办不成会怎样: (
            <>
              {labelIn(effects, of.effect)}
              <Escalations of={of} />
            </>
          ),
          分类: of.category ? labelIn(groups, of.category) : '--',
          办成的情况: met(of),
        }}
      />
      <Befallen of={of} />
      <Section title="要求是怎么说的" note="本系统的释义，以原文为准">
        <ul className="demands">
          {of.demands.map((one) => (
            <li key={one.id}>
              <ClauseChip id={one.id} /> <span className="force">{labelIn(clauseForces, one.force)}</span> {one.demand}
            </li>
          ))}
        </ul>
        {of.assumption && <p className="note">本系统的理解：{of.assumption}</p>}
      </Section>
    </Page>
  );
}

function met(of: OutputOf<typeof readDuty>) {
  if (of.waivedReason) return `已免除：${of.waivedReason}`;
  if (of.metOn === null) return '还没有';
  return (
    <>
      {of.metOn} 办成 {of.filingId && <Go to={`/filings/${of.filingId}`}>看报备</Go>}
      {of.evidenceDue && '，材料还没有补交'}
    </>
  );
}
