import {
  exportOrganisations,
  listOrganisations,
  organisationKinds,
} from '../../../registers/organisations/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea } from '../../shared/session.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count, options, orMissing } from '../../shared/words.tsx';
import { organisationPath } from '../organisation-path.ts';
import { RegisterLink } from '../register-link.tsx';

/** Every body of the area: who it is, under whom it works, and what it owes. */
export function Component() {
  const url = useUrl();
  const filter = {
    area: useArea(),
    kind: url.one('kind', Object.keys(organisationKinds) as (keyof typeof organisationKinds)[]),
    search: url.text('search'),
    sort: url.one('sort', ['area', 'name', 'kind', 'foundedOn'] as const),
    order: url.one('order', ['asc', 'desc'] as const),
  };
  const query = useList(listOrganisations, filter, url);
  return (
    <Page
      title="单位名录"
      state={query.data ? `${count(query.data.total)} 个` : unanswered(query)}
      lead="机关、党组织、社区、企业和业主组织，以及各自受谁领导。"
      actions={
        <>
          <RegisterLink kind="organisations" what="单位" />
          <ExportButton of={exportOrganisations} input={filter} list="单位名录" />
        </>
      }
    >
      <Filters url={url} names={['search', 'kind']}>
        <SearchField url={url} label="名称" />
        <ChoiceField url={url} name="kind" label="类别" choices={options(organisationKinds)} />
      </Filters>
      <ListLedger
        label="单位名录"
        query={query}
        url={url}
        unit="个"
        keyOf={(one) => one.id}
        empty="没有符合条件的单位。"
        emptyAction={
          <Go to="/imports/new" query={{ kind: 'organisations' }}>
            导入单位名册
          </Go>
        }
        columns={[
          { title: '名称', name: true, sort: 'name', show: (one) => <Go to={organisationPath(one)}>{one.name}</Go> },
          { title: '类别', sort: 'kind', show: (one) => organisationKinds[one.kind] },
          { title: '所在', sort: 'area', show: (one) => orMissing(one.areaName) },
          { title: '上级', show: (one) => one.parentName ?? '—' },
          { title: '成立日期', sort: 'foundedOn', show: (one) => orMissing(one.foundedOn) },
          {
            title: '义务',
            show: (one) => (
              <Go to="/duties" query={{ bearer: String(one.id) }}>
                看义务
              </Go>
            ),
          },
        ]}
      />
    </Page>
  );
}
