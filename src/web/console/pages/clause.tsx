import { useParams } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import { readClauseStanding } from '../../../oversight/duties/contract.ts';
import { organisationKinds } from '../../../registers/organisations/contract.ts';
import {
  answerKinds,
  clauseForces,
  effects,
  forces,
  ranks,
  requirementKinds,
  showClause,
  statuses,
} from '../../../registers/requirements/contract.ts';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section, unanswered } from '../../shared/page.tsx';
import { Parameter, Sureness } from '../../shared/parameter.tsx';
import { useArea, useMay } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { SubtractionBar } from '../../shared/subtraction-bar.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { count, labelIn } from '../../shared/words.tsx';
import { dutyColumns } from '../duty-columns.tsx';
import { Original } from '../official-text.tsx';
import { Answer } from './clauses.tsx';

export function Component() {
  const id = useParams().id ?? '';
  const query = useAsk(showClause, { id, area: useArea() });
  return query.data ? (
    <Record of={query.data} />
  ) : (
    <Page title={`条款 ${id}`} state={unanswered(query)}>
      <Shown query={query} what="条款">
        {() => null}
      </Shown>
    </Page>
  );
}

type Clause = OutputOf<typeof showClause>;

function Record({ of }: { of: Clause }) {
  const may = useMay();
  return (
    <Page
      title={`条款 ${of.id}`}
      state={answerKinds[of.answer.kind]}
      mark={
        of.pack.status !== 'in-force' && <State tone="outside">{`${labelIn(statuses, of.pack.status)}·试算`}</State>
      }
      lead={`${of.packLabel}　${of.section}`}
      actions={
        <>
          {of.previousId && <Go to={`/clauses/${encodeURIComponent(of.previousId)}`}>上一条</Go>}
          {of.nextId && <Go to={`/clauses/${encodeURIComponent(of.nextId)}`}>下一条</Go>}
        </>
      }
    >
      <div className="beside">
        <blockquote className="demand">
          <p>{of.demand}</p>
          <footer>释义，以原文为准</footer>
        </blockquote>
        <Original of={of} />
      </div>
      <Facts
        of={{
          语气: clauseForces[of.force],
          位阶: labelIn(ranks, of.pack.rank),
          出处: documentOf(of),
          要求谁: of.actors.length > 0 ? of.actors.map((one) => one.label).join('、') : '--',
          性质: of.kindLabel,
          机制: of.mechanismLabel,
          系统如何回应: (
            <>
              <Answer of={of} /> {planned(of)}
            </>
          ),
        }}
      />
      {may(readClauseStanding) && <Standing id={of.id} />}
      <Answers of={of} />
    </Page>
  );
}

function documentOf({ pack, documentNumber }: Clause): string {
  const { title, number, issuedOn, issuers } = pack.document;
  const parts = [
    title && `《${title.replace(/^《|》$/g, '')}》`,
    documentNumber ?? number,
    issuers?.join('、'),
    issuedOn && `${issuedOn} 印发`,
  ];
  return parts.filter(Boolean).join('，') || pack.label;
}

function planned({ answer }: Clause): string {
  if (answer.kind === 'planned') return `由${answer.room ?? '后续模块'}回应，建设中。`;
  if (answer.kind === 'exhortation') return '号召性要求，没有可核对的结果，不设义务。';
  return '';
}

/** Who owes what under this clause, now. */
function Standing({ id }: { id: string }) {
  const area = useArea();
  const query = useAsk(readClauseStanding, { id, area }, { keep: true });
  const { label, subject, bearer, period, due, state, act } = dutyColumns;
  return (
    <Section title="现状">
      <Shown query={query} what="现状">
        {({ total, owing, bearers }) => {
          const some = Object.values(total).some((one) => one > 0);
          if (!some) return <Empty>这一条目前没有产生义务。</Empty>;
          return (
            <>
              <SubtractionBar of={total} behind={{ clause: id }} />
              {bearers.length > 0 && (
                <p className="bearers">
                  谁欠着：
                  {bearers
                    .map((one) => `${labelIn(organisationKinds, one.bearerKind)} ${count(one.owed)} 项`)
                    .join('，')}
                  。
                </p>
              )}
              {owing.length > 0 && (
                <>
                  <Ledger
                    label="超期的义务"
                    rows={owing}
                    columns={[label, subject, bearer, period, due, state, act]}
                    keyOf={(one) => one.id}
                    overdue={() => true}
                  />
                  {total.owed > owing.length && (
                    <p>
                      <Go to="/duties" query={{ clause: id, tab: 'overdue' }}>{`全部 ${count(total.owed)} 项`}</Go>
                    </p>
                  )}
                </>
              )}
            </>
          );
        }}
      </Shown>
    </Section>
  );
}

function Answers({ of }: { of: Clause }) {
  if (of.answers.length === 0) return null;
  return (
    <Section title="由这一条产生的要求">
      <Ledger
        label="由这一条产生的要求"
        rows={of.answers}
        keyOf={(one) => one.id}
        columns={[
          {
            title: '要求',
            name: true,
            show: (one) =>
              one.kind === 'indicator' ? (
                <Go to={`/indicators/${one.id}`}>{one.label}</Go>
              ) : one.kind === 'duty' ? (
                <Go to="/duties" query={{ matter: one.key, tab: 'all' }}>
                  {one.label}
                </Go>
              ) : (
                <>
                  <Parameter of={one} /> <Sureness of={one} />
                </>
              ),
          },
          { title: '种类', show: (one) => requirementKinds[one.kind] },
          { title: '力度与位阶', show: (one) => `${forces[one.force]}（${ranks[one.rank]}）` },
          { title: '在系统中的效力', show: (one) => effects[one.effect] },
          { title: '说明', show: (one) => one.assumption ?? one.note ?? '--' },
        ]}
      />
    </Section>
  );
}
