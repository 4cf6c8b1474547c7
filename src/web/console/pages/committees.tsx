import { committeeKinds, exportCommittees, listCommittees, termStates } from '../../../registers/estates/contract.ts';
import { threeAnswers } from '../../../registers/organisations/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea } from '../../shared/session.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count, options, orMissing, yesNo } from '../../shared/words.tsx';
import { RegisterLink } from '../register-link.tsx';
import { TermState } from './estate.tsx';

export function Component() {
  const url = useUrl();
  const filter = {
    area: useArea(),
    kind: url.one('kind', Object.keys(committeeKinds) as (keyof typeof committeeKinds)[]),
    term: url.one('term', Object.keys(termStates) as (keyof typeof termStates)[]),
    partyUnit: url.one('partyUnit', Object.keys(threeAnswers) as (keyof typeof threeAnswers)[]),
    search: url.text('search'),
    sort: url.one('sort', ['area', 'name', 'termFrom', 'termTo', 'members'] as const),
    order: url.one('order', ['asc', 'desc'] as const),
  };
  const query = useList(listCommittees, filter, url);
  return (
    <Page
      title="业委会"
      state={query.data ? `${count(query.data.total)} 个` : unanswered(query)}
      lead="业主委员会和物业管理委员会。"
      actions={
        <>
          <RegisterLink kind="committees" what="业委会" />
          <ExportButton of={exportCommittees} input={filter} list="业委会和物管会" />
        </>
      }
    >
      <Filters url={url} names={['search', 'kind', 'term', 'partyUnit']}>
        <SearchField url={url} label="名称或小区" />
        <ChoiceField url={url} name="kind" label="种类" choices={options(committeeKinds)} />
        <ChoiceField url={url} name="term" label="任期" choices={options(termStates)} />
        <ChoiceField
          url={url}
          name="partyUnit"
          label="建立党组织"
          choices={options(threeAnswers).map((one) => ({ value: one.value, label: `建立党组织：${one.label}` }))}
        />
      </Filters>
      <ListLedger
        label="业委会和物管会"
        query={query}
        url={url}
        unit="个"
        keyOf={(one) => one.id}
        empty="没有符合条件的业委会。"
        emptyAction={
          <Go to="/imports/new" query={{ kind: 'committees' }}>
            导入业委会名册
          </Go>
        }
        columns={[
          { title: '名称', name: true, sort: 'name', show: (one) => <Go to={`/committees/${one.id}`}>{one.name}</Go> },
          {
            title: '街道、社区',
            sort: 'area',
            show: (one) => [one.subdistrictName, one.communityName].filter(Boolean).join(' '),
          },
          { title: '种类', show: (one) => committeeKinds[one.kind] },
          {
            title: '任期届满',
            sort: 'termTo',
            show: (one) => (
              <>
                {orMissing(one.termTo)} <TermState inTerm={one.inTerm} />
              </>
            ),
          },
          { title: '委员（人）', number: true, sort: 'members', show: (one) => orMissing(one.members, count) },
          { title: '其中党员', number: true, show: (one) => orMissing(one.partyMembers, count) },
          { title: '党组织', show: (one) => orMissing(one.hasPartyUnit, yesNo) },
        ]}
      />
    </Page>
  );
}
