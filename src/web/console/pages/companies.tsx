import {
  exportCompanies,
  listCompanies,
  partyCoverages,
  threeAnswers,
} from '../../../registers/organisations/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea } from '../../shared/session.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count, options, orMissing, yesNo } from '../../shared/words.tsx';
import { RegisterLink } from '../register-link.tsx';

const answers = Object.keys(threeAnswers) as (keyof typeof threeAnswers)[];

export function Component() {
  const url = useUrl();
  const filter = {
    area: useArea(),
    party: url.one('party', Object.keys(partyCoverages) as (keyof typeof partyCoverages)[]),
    eligible: url.one('eligible', answers),
    instructor: url.one('instructor', answers),
    workCovered: url.one('workCovered', answers),
    search: url.text('search'),
    sort: url.one('sort', ['name', 'area', 'registeredOn', 'fullMembers', 'projects'] as const),
    order: url.one('order', ['asc', 'desc'] as const),
  };
  const query = useList(listCompanies, filter, url);
  const named = (label: string) =>
    options(threeAnswers).map((one) => ({ value: one.value, label: `${label}：${one.label}` }));
  return (
    <Page
      title="企业"
      state={query.data ? `${count(query.data.total)} 家` : unanswered(query)}
      actions={
        <>
          <RegisterLink kind="companies" what="企业" />
          <ExportButton of={exportCompanies} input={filter} list="物业服务企业" />
        </>
      }
      definition="党员人数只记正式党员的数目，不记名单。"
    >
      <Filters url={url} names={['search', 'party', 'eligible', 'instructor', 'workCovered']}>
        <SearchField url={url} label="企业名称或信用代码" />
        <ChoiceField url={url} name="party" label="党组织" choices={options(partyCoverages)} />
        <ChoiceField url={url} name="eligible" label="具备组建条件" choices={named('具备组建条件')} />
        <ChoiceField url={url} name="instructor" label="党建指导员" choices={named('有指导员')} />
        <ChoiceField url={url} name="workCovered" label="党的工作覆盖" choices={named('工作覆盖')} />
      </Filters>
      <ListLedger
        label="物业服务企业"
        query={query}
        url={url}
        unit="家"
        keyOf={(one) => one.id}
        empty="没有符合条件的企业。"
        emptyAction={
          <Go to="/imports/new" query={{ kind: 'companies' }}>
            导入企业名册
          </Go>
        }
        columns={[
          { title: '企业', name: true, sort: 'name', show: (one) => <Go to={`/companies/${one.id}`}>{one.name}</Go> },
          { title: '注册地', sort: 'area', show: (one) => orMissing(one.areaName) },
          { title: '谁负责', show: (one) => orMissing(one.responsibleName) },
          {
            title: '在管项目',
            number: true,
            sort: 'projects',
            show: (one) => (
              <Go to="/estates" query={{ company: one.id }}>
                {count(one.projects)}
              </Go>
            ),
          },
          {
            title: '正式党员（人）',
            number: true,
            sort: 'fullMembers',
            show: (one) => orMissing(one.fullMembers, count),
          },
          { title: '具备组建条件', show: (one) => orMissing(one.eligible, yesNo) },
          {
            title: '党组织',
            show: (one) =>
              partyCoverages[
                one.hasPartyOrganisation
                  ? 'own'
                  : one.inJointOrganisation
                    ? 'joint'
                    : one.organisationCovered === null
                      ? 'unknown'
                      : 'none'
              ],
          },
          { title: '指导员', show: (one) => orMissing(one.hasInstructor, yesNo) },
          { title: '工作覆盖', show: (one) => orMissing(one.workCovered, yesNo) },
        ]}
      />
    </Page>
  );
}
