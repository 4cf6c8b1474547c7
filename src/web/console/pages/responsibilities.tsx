import { exportMatrix, type Measure, readMatrix } from '../../../oversight/responsibility/contract.ts';
import { effects } from '../../../registers/requirements/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Shown } from '../../shared/feedback.tsx';
import { ClauseChips, Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Page, Section, unanswered } from '../../shared/page.tsx';
import { useArea } from '../../shared/session.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { count, labelIn } from '../../shared/words.tsx';

/** From the texts in force here to measures: who carries out, who guides, by when, how far. */
export function Component() {
  const area = useArea();
  const query = useAsk(readMatrix, { area }, { keep: true });
  const owed = query.data?.items.filter((one) => one.owed > 0).length;
  return (
    <Page
      title="责任矩阵"
      state={owed === undefined ? unanswered(query) : `${owed} 项有欠`}
      lead={
        query.data && `共 ${query.data.items.length} 项措施，截至 ${query.data.today}；点措施看义务，点条款看要求。`
      }
      definition="应办为已到期、已纳入的次数，办成为其中已报备的；未到期、已免除、试算的不计入。"
      actions={<ExportButton of={exportMatrix} input={{ area }} />}
    >
      <Shown query={query} what="责任矩阵">
        {({ items, divisions }) => (
          <>
            {items.length === 0 ? (
              <p className="note">这里适用的政策包没有定下措施。</p>
            ) : (
              <Ledger
                label="措施"
                rows={items}
                keyOf={(one) => `${one.packLabel} ${one.matter}`}
                columns={[
                  { title: '部分', width: 96, show: (one) => <span className="note">{one.section || '--'}</span> },
                  { title: '措施', name: true, width: '30%', show: (one) => <Named of={one} /> },
                  { title: '谁办', show: (one) => <Bearer of={one} /> },
                  { title: '文本的分工', width: '20%', show: (one) => <Shares of={one} /> },
                  { title: '期限', show: (one) => one.rhythm },
                  { title: '进度', number: true, show: (one) => <Progress of={one} /> },
                  { title: '依据', show: (one) => <ClauseChips ids={one.clauses} /> },
                ]}
              />
            )}
            {divisions.length > 0 && (
              <Section title="文本写明的分工" note="每项任务后面的责任单位，按原文归纳">
                <Ledger
                  label="文本写明的分工"
                  rows={divisions}
                  keyOf={(one) => `${one.packLabel} ${one.key}`}
                  columns={[
                    { title: '任务', name: true, show: (one) => one.label },
                    { title: '分工', width: '50%', show: (one) => one.text },
                    { title: '依据', show: (one) => <ClauseChips ids={one.clauses} /> },
                  ]}
                />
              </Section>
            )}
          </>
        )}
      </Shown>
    </Page>
  );
}

function Named({ of }: { of: Measure }) {
  return (
    <>
      <Go to="/duties" query={{ matter: of.matter, tab: of.owed > 0 ? 'overdue' : 'all' }}>
        {of.label}
      </Go>
      {of.effect !== 'opens-duty' && of.effect !== 'refuses' && (
        <span className="sub">{labelIn(effects, of.effect)}</span>
      )}
    </>
  );
}

/** Who bears it, and below, smaller, who guides and who helps. */
function Bearer({ of: { bearer, guides, supporting } }: { of: Measure }) {
  const others = [
    ...(guides.length > 0 ? [`${guides.join('、')}指导`] : []),
    ...(supporting.length > 0 ? [`${supporting.join('、')}配合`] : []),
  ];
  return (
    <>
      {bearer}
      {others.length > 0 && <span className="sub">{others.join('；')}</span>}
    </>
  );
}

function Shares({ of }: { of: Measure }) {
  if (of.shares.length === 0) return <>--</>;
  return of.shares.map(({ part, bodies }) => (
    <span key={part} className="sub">
      {part}：{bodies}
    </span>
  ));
}

function Progress({ of }: { of: Measure }) {
  if (of.required === 0) return <span className="note">还没有到期的</span>;
  return (
    <>
      {`${count(of.done)} / ${count(of.required)}`}
      {of.owed > 0 && <span className="sub">{`还欠 ${count(of.owed)}`}</span>}
    </>
  );
}
