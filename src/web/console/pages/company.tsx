import type { OutputOf } from '../../../kernel/contract.ts';
import { partyForms, showCompany } from '../../../registers/organisations/contract.ts';
import { Empty } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { type Happening, Timeline } from '../../shared/timeline.tsx';
import { count, Lasting, orMissing, yesNo } from '../../shared/words.tsx';
import { BoardOf } from '../board-of.tsx';
import { ServiceState } from './project.tsx';

export function Component() {
  return (
    <RecordDetail of={showCompany} what="企业">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

type Company = OutputOf<typeof showCompany>;

function Record({ of }: { of: Company }) {
  return (
    <Page title={of.name} state="企业" lead={of.uscc ? `统一社会信用代码 ${of.uscc}` : '统一社会信用代码待补'}>
      <BoardOf bearer={of.id} />
      <Section title="基本情况">
        <Facts
          of={{
            注册地: orMissing(of.areaName),
            谁负责: orMissing(of.responsibleName),
            电话: orMissing(of.telephone),
            登记日期: orMissing(of.registeredOn),
            纳入日期: of.enrolledOn,
            在管项目: `${count(of.projects)} 个`,
            隶属关系: (
              <Go to="/registers/organisation-relations" query={{ search: of.name }}>
                上级和下级
              </Go>
            ),
          }}
        />
      </Section>
      <Section title="党的建设" note={of.partySurveyed ? '已摸底' : '尚未摸底'}>
        <Facts
          of={{
            正式党员: orMissing(of.fullMembers, (members) => `${members} 人`),
            具备单独组建条件: orMissing(of.eligible, yesNo),
            单独组建: orMissing(of.hasPartyOrganisation, yesNo),
            纳入联合组建: orMissing(of.inJointOrganisation, yesNo),
            党的组织覆盖: orMissing(of.organisationCovered, yesNo),
            有党建指导员: orMissing(of.hasInstructor, yesNo),
            党的工作覆盖: orMissing(of.workCovered, yesNo),
          }}
        />
        {of.arrangements.length > 0 && (
          <Ledger
            label="党组织"
            rows={of.arrangements}
            keyOf={(one) => `${one.form}${one.name}${one.foundedOn}`}
            columns={[
              { title: '组建方式', name: true, show: (one) => partyForms[one.form] },
              { title: '名称', show: (one) => orMissing(one.name) },
              { title: '成立', show: (one) => orMissing(one.foundedOn) },
              { title: '终止', show: (one) => one.endedOn ?? '--' },
            ]}
          />
        )}
        {of.instructors.length > 0 && (
          <Ledger
            label="党建指导员"
            rows={of.instructors}
            keyOf={(one) => `${one.name}${one.fromOn}${one.estateName}`}
            columns={[
              { title: '党建指导员', name: true, show: (one) => one.name },
              { title: '派出单位', show: (one) => orMissing(one.dispatchedBy) },
              { title: '联系小区', show: (one) => one.estateName ?? '全企业' },
              {
                title: '任期',
                show: (one) => <Lasting from={one.fromOn} to={one.toOn} />,
              },
            ]}
          />
        )}
      </Section>
      <Section title="服务的小区">
        {of.estates.length === 0 ? (
          <Empty>没有登记服务的小区。</Empty>
        ) : (
          <Ledger
            label="服务的小区"
            rows={of.estates}
            keyOf={(one) => one.projectId}
            columns={[
              { title: '小区', name: true, show: (one) => <Go to={`/estates/${one.id}`}>{one.name}</Go> },
              { title: '社区', show: (one) => one.areaName },
              { title: '项目经理', show: (one) => orMissing(one.managerName) },
              {
                title: '服务期',
                show: (one) => (
                  <Go to={`/projects/${one.projectId}`}>
                    <Lasting from={one.startedOn} to={one.endedOn} />
                  </Go>
                ),
              },
              { title: '状态', show: (one) => <ServiceState of={one} /> },
            ]}
          />
        )}
      </Section>
      <Section title="大事记">
        <Timeline of={historyOf(of)} empty="登记、组建和服务的日期待补。" />
      </Section>
    </Page>
  );
}

/** What the register knows the day of. */
function historyOf(of: Company): Happening[] {
  return [
    { on: of.registeredOn, what: '登记设立' },
    ...of.arrangements.flatMap((one) => {
      const name = one.name ?? `党组织（${partyForms[one.form]}）`;
      return [
        { on: one.foundedOn, what: `${name}成立` },
        { on: one.endedOn, what: `${name}终止` },
      ];
    }),
    ...of.instructors.flatMap((one) => [
      { on: one.fromOn, what: `${one.name}任党建指导员`, note: one.estateName },
      { on: one.toOn, what: `${one.name}不再任党建指导员`, note: one.estateName },
    ]),
    ...of.estates.flatMap((one) => [
      { on: one.startedOn, what: `开始服务${one.name}` },
      { on: one.endedOn, what: `结束服务${one.name}` },
    ]),
  ];
}
