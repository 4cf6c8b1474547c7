import { evidenceLabels, exportFilings, type Filing, listFilings } from '../../../procedures/filings/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count } from '../../shared/words.tsx';
import { Subject } from '../duty-columns.tsx';

export function Component() {
  const url = useUrl();
  const area = useArea();
  const filter = {
    area,
    evidenceDue: url.one('evidenceDue', ['yes', 'no'] as const),
    text: url.text('text'),
  };
  const query = useList(listFilings, filter, url);
  return (
    <Page
      title="报备"
      state={query.data ? `${count(query.data.total)} 件` : unanswered(query)}
      lead="谁、在哪一期、哪一天办成了什么、凭什么材料。"
      actions={
        <>
          <Go to="/filings/new" className="primary-link">
            报备一件事
          </Go>
          <ExportButton of={exportFilings} input={filter} list="报备" />
        </>
      }
    >
      <Filters url={url} names={['text', 'evidenceDue']}>
        <SearchField url={url} name="text" label="对象或说明" />
        <ChoiceField
          url={url}
          name="evidenceDue"
          label="材料"
          choices={[
            { value: 'yes', label: '材料还没补交的' },
            { value: 'no', label: '材料齐全或无须材料的' },
          ]}
        />
      </Filters>
      <ListLedger
        label="报备"
        query={query}
        url={url}
        unit="件"
        keyOf={(one) => one.id}
        empty="还没有报备。"
        emptyAction={<Go to="/filings/new">报备一件事</Go>}
        columns={[
          { title: '事项', name: true, show: (one) => <Go to={`/filings/${one.id}`}>{one.label}</Go> },
          {
            title: '对象',
            show: (one) => (
              <Subject of={{ ...one, estateId: one.subjectKind === 'estates' ? Number(one.subjectId) : null }} />
            ),
          },
          { title: '期间', show: (one) => <span className="nowrap">{one.period}</span> },
          { title: '办成日期', show: (one) => <span className="nowrap">{one.doneOn}</span> },
          { title: '报备单位', show: (one) => one.organisationName },
          { title: '报备日期', show: (one) => <span className="nowrap">{one.filedOn}</span> },
          { title: '材料', show: (one) => <EvidenceWord of={one} /> },
        ]}
      />
    </Page>
  );
}

export function EvidenceWord({ of }: { of: Filing }) {
  if (of.withdrawn !== null) return <State tone="calm">已撤回</State>;
  if (of.files > 0) return <State tone="met">{`${evidenceLabels.attached}（${of.files}）`}</State>;
  return <State tone={of.evidence === 'to-follow' ? 'soon' : 'calm'}>{evidenceLabels[of.evidence]}</State>;
}
