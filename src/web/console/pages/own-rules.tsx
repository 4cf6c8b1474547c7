import { exportOwnRules, listOwnRules, type OwnRule, ruleStates } from '../../../oversight/responsibility/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { ClauseChips, Go } from '../../shared/go.tsx';
import { ListLedger, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { TabLine } from '../../shared/tab-line.tsx';
import { useUrl } from '../../shared/use-url.ts';

const tabs = ['all', 'missing', 'filed', 'pending'] as const;
const tones = { filed: 'met', missing: 'soon', pending: 'calm' } as const;

/** Which rules of its own each body is to have: on file with its day and papers, or a gap. */
export function Component() {
  const url = useUrl();
  const area = useArea();
  const tab = url.one('state', tabs) ?? 'all';
  const input = { area, state: tab === 'all' ? undefined : tab };
  const query = useList(listOwnRules, input, url);
  return (
    <Page
      title="制度清单"
      state={query.data ? `${query.data.total} 项` : unanswered(query)}
      lead="各单位自己要订立的制度：订了的看日期、说明和文件，没订的显为“缺”，点开去报备。"
      definition="要订立制度的事项由政策包列明；报备即订立，日期为办成日期；已免除的不列。"
      actions={<ExportButton of={exportOwnRules} input={input} list="制度" />}
    >
      <TabLine
        label="制度"
        name="state"
        current={tab}
        of={tabs.map((key) => ({ key, label: key === 'all' ? '全部' : ruleStates[key] }))}
      />
      <ListLedger
        label="制度"
        query={query}
        url={url}
        unit="项"
        keyOf={(one) => one.dutyId}
        empty={tab === 'missing' ? '没有缺的制度。' : '这里适用的政策包没有要求单位自己订立的制度。'}
        columns={[
          { title: '制度', name: true, width: '30%', show: (one) => <Go to={`/duties/${one.dutyId}`}>{one.label}</Go> },
          { title: '单位', show: (one) => one.bodyName ?? '待补' },
          { title: '对象', show: (one) => one.subjectLabel },
          { title: '状态', show: (one) => <State tone={tones[one.state]}>{ruleStates[one.state]}</State> },
          { title: '日期', show: (one) => one.ruledOn ?? `应于 ${one.dueOn} 前` },
          { title: '说明和文件', show: (one) => <Papers of={one} /> },
          { title: '依据', show: (one) => <ClauseChips ids={one.clauses} /> },
        ]}
      />
    </Page>
  );
}

function Papers({ of }: { of: OwnRule }) {
  if (of.filingId === null) return <>--</>;
  return (
    <Go
      to={`/filings/${of.filingId}`}
    >{`${of.summary ?? '看报备'}${of.files > 0 ? `（文件 ${of.files} 份）` : '（没有文件）'}`}</Go>
  );
}
