import { committeeStates, estateKinds, exportEstates, listEstates } from '../../../registers/estates/contract.ts';
import { threeAnswers } from '../../../registers/organisations/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea } from '../../shared/session.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count, options, orMissing, squareMetres } from '../../shared/words.tsx';
import { RegisterLink } from '../register-link.tsx';

const keys = <K extends string>(of: Record<K, string>) => Object.keys(of) as K[];
const kinds = { ...estateKinds, unknown: '待补' } as const;

export function Component() {
  const url = useUrl();
  const filter = {
    area: useArea(),
    kind: url.one('kind', keys(kinds)),
    served: url.one('served', keys(threeAnswers)),
    committee: url.one('committee', keys(committeeStates)),
    longTermManaged: url.one('longTermManaged', keys(threeAnswers)),
    company: url.number('company'),
    search: url.text('search'),
    sort: url.one('sort', ['area', 'name', 'kind', 'households', 'floorArea', 'completedYear', 'company'] as const),
    order: url.one('order', ['asc', 'desc'] as const),
  };
  const query = useList(listEstates, filter, url);
  const named = (label: string) =>
    options(threeAnswers).map((one) => ({ value: one.value, label: `${label}：${one.label}` }));
  return (
    <Page
      title="小区档案"
      state={query.data ? `${count(query.data.total)} 个` : unanswered(query)}
      actions={
        <>
          <Go to="/imports/new" query={{ kind: 'estates' }}>
            导入名册
          </Go>
          <RegisterLink kind="estates" what="小区" />
          <ExportButton of={exportEstates} input={filter} list="小区" />
        </>
      }
      definition="空缺的项目写“待补”，不等于没有。"
    >
      <Filters url={url} names={['search', 'kind', 'served', 'committee', 'longTermManaged', 'company']}>
        <SearchField url={url} label="小区或地址" />
        <ChoiceField url={url} name="kind" label="类型" choices={options(kinds)} />
        <ChoiceField url={url} name="served" label="有无物业" choices={named('有物业服务')} />
        <ChoiceField url={url} name="committee" label="业主组织" choices={options(committeeStates)} />
        <ChoiceField url={url} name="longTermManaged" label="长效管理" choices={named('已长效管理')} />
      </Filters>
      <ListLedger
        label="小区"
        query={query}
        url={url}
        unit="个小区"
        keyOf={(one) => one.id}
        empty="没有符合条件的小区。"
        emptyAction={
          <Go to="/imports/new" query={{ kind: 'estates' }}>
            导入小区名册
          </Go>
        }
        columns={[
          { title: '小区', name: true, sort: 'name', show: (one) => <Go to={`/estates/${one.id}`}>{one.name}</Go> },
          {
            title: '街道、社区',
            sort: 'area',
            show: (one) => [one.subdistrictName, one.communityName].filter(Boolean).join(' '),
          },
          { title: '类型', sort: 'kind', show: (one) => orMissing(one.kind, (kind) => estateKinds[kind]) },
          { title: '户数', number: true, sort: 'households', show: (one) => orMissing(one.households, count) },
          {
            title: '建筑面积（㎡）',
            number: true,
            sort: 'floorArea',
            show: (one) => orMissing(one.floorAreaCentiM2, squareMetres),
          },
          { title: '建成年份', number: true, sort: 'completedYear', show: (one) => orMissing(one.completedYear) },
          { title: '物业服务', sort: 'company', show: (one) => <Service of={one} /> },
          { title: '业主组织', show: (one) => committeeStates[committeeState(one)] },
        ]}
      />
    </Page>
  );
}

type Row = Parameters<typeof committeeState>[0] & {
  served: boolean | null;
  companyId: number | null;
  companyName: string | null;
};

function Service({ of }: { of: Row }) {
  if (of.companyId !== null) return <Go to={`/companies/${of.companyId}`}>{of.companyName ?? ''}</Go>;
  return <>{orMissing(of.served, (served) => (served ? '有' : '无'))}</>;
}

export function committeeState({
  hasCommittee,
  hasManagementCommittee,
}: {
  hasCommittee: boolean | null;
  hasManagementCommittee: boolean | null;
}): keyof typeof committeeStates {
  if (hasCommittee) return 'owners';
  if (hasManagementCommittee) return 'management';
  return hasCommittee === null || hasManagementCommittee === null ? 'unknown' : 'none';
}
