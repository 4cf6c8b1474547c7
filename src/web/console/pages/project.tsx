import type { OutputOf } from '../../../kernel/contract.ts';
import { listDuties } from '../../../oversight/duties/contract.ts';
import { askCorrection } from '../../../registers/corrections/contract.ts';
import { type Project, serviceModes, showProject } from '../../../registers/estates/contract.ts';
import { showCompany } from '../../../registers/organisations/contract.ts';
import { Empty } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { useMay, useMe } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { type Happening, Timeline } from '../../shared/timeline.tsx';
import { Lasting, orMissing, yesNo } from '../../shared/words.tsx';
import { BoardOf } from '../board-of.tsx';
import { RegisterLink } from '../register-link.tsx';

export function Component() {
  return (
    <RecordDetail of={showProject} what="物业项目">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

type Shown = OutputOf<typeof showProject>;

/** Who serves an estate, from when to when, and who did before and after. */
function Record({ of }: { of: Shown }) {
  const may = useMay();
  return (
    <Page
      title={`${of.estateName}：${whoServes(of)}`}
      state="物业项目"
      mark={<ServiceState of={of} />}
      lead={<Go to="/projects">物业项目</Go>}
      actions={<RegisterLink kind="estates" what="物业项目" />}
    >
      {of.companyId !== null && may(listDuties) && <BoardOf estate={of.estateId} bearer={of.companyId} />}
      <Section
        title="基本情况"
        actions={may(askCorrection) && <Go to={`/corrections/new?subject=project:${of.id}`}>写得不对？</Go>}
      >
        <Facts
          of={{
            小区: <Go to={`/estates/${of.estateId}`}>{of.estateName}</Go>,
            社区: of.communityName,
            服务方式: serviceModes[of.mode],
            企业: <Company of={of} />,
            项目经理: orMissing(of.managerName),
            质量督导员: orMissing(of.supervised, yesNo),
            服务期: <Lasting from={of.startedOn} to={of.endedOn} />,
          }}
        />
      </Section>
      {of.instructors.length > 0 && (
        <Section title="党建指导员">
          <Ledger
            label="党建指导员"
            rows={of.instructors}
            keyOf={(one) => `${one.name}${one.fromOn}`}
            columns={[
              { title: '姓名', name: true, show: (one) => one.name },
              { title: '派出单位', show: (one) => orMissing(one.dispatchedBy) },
              { title: '任期', show: (one) => <Lasting from={one.fromOn} to={one.toOn} /> },
            ]}
          />
        </Section>
      )}
      <Section title="这个小区别的物业项目" note="以前的和以后的">
        {of.others.length === 0 ? (
          <Empty>没有登记别的物业项目。</Empty>
        ) : (
          <Ledger
            label="别的物业项目"
            rows={of.others}
            keyOf={(one) => one.id}
            columns={[
              {
                title: '服务方式',
                name: true,
                show: (one) => <Go to={`/projects/${one.id}`}>{serviceModes[one.mode]}</Go>,
              },
              { title: '企业', show: (one) => <Company of={one} /> },
              { title: '项目经理', show: (one) => orMissing(one.managerName) },
              { title: '服务期', show: (one) => <Lasting from={one.startedOn} to={one.endedOn} /> },
              { title: '状态', show: (one) => <ServiceState of={one} /> },
            ]}
          />
        )}
      </Section>
      <Section title="大事记" note="这个小区先后由谁服务">
        <Timeline of={historyOf(of)} empty="服务的起止日期待补。" />
      </Section>
    </Page>
  );
}

function Company({ of }: { of: Project }) {
  const may = useMay();
  if (of.companyId === null) return '--';
  return may(showCompany) ? <Go to={`/companies/${of.companyId}`}>{of.companyName ?? ''}</Go> : (of.companyName ?? '');
}

const whoServes = (one: Project) => one.companyName ?? serviceModes[one.mode];

/** What is not in force has ended, or has not begun. */
export function ServiceState({ of }: { of: Pick<Project, 'inForce' | 'startedOn'> }) {
  const { today } = useMe().deployment;
  if (of.inForce) return <State tone="met">在管</State>;
  return of.startedOn !== null && of.startedOn > today ? (
    <State tone="calm">未进场</State>
  ) : (
    <State tone="calm">已结束</State>
  );
}

/** The days on which the service of the estate began and ended, its own and that of the others. */
function historyOf(of: Shown): Happening[] {
  return [of, ...of.others].flatMap((one) => [
    { on: one.startedOn, what: `${whoServes(one)}开始服务` },
    { on: one.endedOn, what: `${whoServes(one)}的服务结束` },
  ]);
}
