import { useParams } from 'react-router';
import { exportUnits, listUnits, showEstate, unitKinds } from '../../../registers/estates/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page } from '../../shared/page.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count, options, orMissing, squareMetres } from '../../shared/words.tsx';

export function Component() {
  const id = Number(useParams().id);
  const url = useUrl();
  const estate = useAsk(showEstate, { id });
  const filter = {
    id,
    building: url.number('building'),
    kind: url.one('kind', Object.keys(unitKinds) as (keyof typeof unitKinds)[]),
    search: url.text('search'),
  };
  const query = useList(listUnits, filter, url);
  return (
    <Page
      title={`${estate.data?.name ?? ''}房屋`}
      state={query.data ? `${count(query.data.total)} 套` : '正在载入'}
      lead={<Go to={`/estates/${id}`}>回到小区</Go>}
      actions={<ExportButton of={exportUnits} input={filter} />}
    >
      <Filters url={url} names={['search', 'building', 'kind']}>
        <SearchField url={url} label="房号" />
        <ChoiceField
          url={url}
          name="building"
          label="楼栋"
          choices={(estate.data?.buildings ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
        />
        <ChoiceField url={url} name="kind" label="用途" choices={options(unitKinds)} />
      </Filters>
      <ListLedger
        label="房屋"
        query={query}
        url={url}
        unit="套"
        keyOf={(one) => one.id}
        empty="没有登记房屋。义务、指标和报表不需要房屋清单；表决和维修资金才需要。"
        emptyAction={
          <Go to="/imports/new" query={{ kind: 'units' }}>
            导入房屋名册
          </Go>
        }
        columns={[
          { title: '房号', name: true, show: (one) => `${one.buildingName} ${one.name}` },
          { title: '用途', show: (one) => unitKinds[one.kind] },
          { title: '面积（㎡）', number: true, show: (one) => orMissing(one.areaCentiM2, squareMetres) },
          { title: '业主（人）', number: true, show: (one) => count(one.owners) },
        ]}
      />
    </Page>
  );
}
