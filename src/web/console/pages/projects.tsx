import { exportProjects, listProjects, type Project, serviceModes } from '../../../registers/estates/contract.ts';
import { pasteRoster } from '../../../registers/rosters/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea, useMay } from '../../shared/session.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count, Lasting, options, orMissing, yesNo } from '../../shared/words.tsx';
import { RegisterLink } from '../register-link.tsx';
import { ServiceState } from './project.tsx';

/** Who serves which estate since when, and until when: with companies and without. */
export function Component() {
  const url = useUrl();
  const may = useMay();
  const filter = {
    area: useArea(),
    mode: url.one('mode', Object.keys(serviceModes) as Project['mode'][]),
    inForce: url.one('inForce', ['yes', 'no'] as const),
    supervised: url.one('supervised', ['yes', 'no', 'unknown'] as const),
    company: url.number('company'),
    search: url.text('search'),
    sort: url.one('sort', ['area', 'estate', 'company', 'startedOn'] as const),
    order: url.one('order', ['asc', 'desc'] as const),
  };
  const query = useList(listProjects, filter, url);
  return (
    <Page
      title="物业项目"
      state={query.data ? `${count(query.data.total)} 个` : unanswered(query)}
      lead="哪个小区由谁服务、从哪天到哪天，在管的和已退出的。"
      actions={
        <>
          <RegisterLink kind="estates" what="物业项目" />
          <ExportButton of={exportProjects} input={filter} list="物业项目" />
        </>
      }
    >
      <Filters url={url} names={['search', 'mode', 'inForce', 'supervised']}>
        <SearchField url={url} label="小区或企业" />
        <ChoiceField url={url} name="mode" label="服务方式" choices={options(serviceModes)} />
        <ChoiceField url={url} name="inForce" label="在管" choices={options({ yes: '在管的', no: '已结束的' })} />
        <ChoiceField
          url={url}
          name="supervised"
          label="质量督导员"
          choices={options({ yes: '有', no: '没有', unknown: '待补' })}
        />
      </Filters>
      <ListLedger
        label="物业项目"
        query={query}
        url={url}
        unit="个"
        keyOf={(one) => one.id}
        empty="没有符合条件的物业项目。"
        emptyAction={
          may(pasteRoster) && (
            <Go to="/imports/new" query={{ kind: 'estates' }}>
              随小区名册导入
            </Go>
          )
        }
        columns={[
          {
            title: '小区',
            name: true,
            sort: 'estate',
            show: (one) => <Go to={`/projects/${one.id}`}>{one.estateName}</Go>,
          },
          { title: '社区', sort: 'area', show: (one) => one.communityName },
          { title: '服务方式', show: (one) => serviceModes[one.mode] },
          {
            title: '企业',
            sort: 'company',
            show: (one) =>
              one.companyId === null ? '--' : <Go to={`/companies/${one.companyId}`}>{one.companyName ?? ''}</Go>,
          },
          { title: '项目负责人', show: (one) => orMissing(one.managerName) },
          { title: '质量督导员', show: (one) => orMissing(one.supervised, yesNo) },
          { title: '起止', sort: 'startedOn', show: (one) => <Lasting from={one.startedOn} to={one.endedOn} /> },
          { title: '状态', show: (one) => <ServiceState of={one} /> },
        ]}
      />
    </Page>
  );
}
