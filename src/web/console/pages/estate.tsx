import { Fragment } from 'react';
import type { OutputOf } from '../../../kernel/contract.ts';
import { listDuties } from '../../../oversight/duties/contract.ts';
import { askCorrection } from '../../../registers/corrections/contract.ts';
import { countEntries } from '../../../registers/entries/contract.ts';
import {
  committeeKinds,
  estateKinds,
  exportOwners,
  memberTitles,
  serviceModes,
  showEstate,
} from '../../../registers/estates/contract.ts';
import { makeDossier } from '../../../registers/exports/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { useMay, useMe } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { type Happening, Timeline } from '../../shared/timeline.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { count, Lasting, orMissing, squareMetres, yesNo } from '../../shared/words.tsx';
import { BoardOf } from '../board-of.tsx';
import { ServiceState } from './project.tsx';

export function Component() {
  return (
    <RecordDetail of={showEstate} what="小区">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

type Estate = OutputOf<typeof showEstate>;

function Record({ of }: { of: Estate }) {
  const may = useMay();
  const { post } = useMe();
  // Above the post's own area there is nothing to open; a body has none of its own.
  const found = of.chain.findIndex((one) => one.code === post.areaCode);
  const own = found === -1 ? of.chain.length : found;
  return (
    <Page
      title={of.name}
      state="小区"
      lead={
        <span className="trail">
          {of.chain.map((one, place) => (
            <Fragment key={one.code}>
              {place > 0 && ' › '}
              {place < own ? (
                one.name
              ) : (
                <Go to="/cockpit" query={{ area: one.code }}>
                  {one.name}
                </Go>
              )}
            </Fragment>
          ))}
        </span>
      }
      actions={
        <>
          <Go to={`/estates/${of.id}/board`}>信息公示牌</Go>
          <ExportButton of={makeDossier} input={{ id: of.id }}>
            导出一小区一档
          </ExportButton>
        </>
      }
    >
      {may(listDuties) && <BoardOf estate={of.id} />}
      <Section
        title="基本情况"
        note={of.source ? `来源：${of.source}` : undefined}
        actions={may(askCorrection) && <Go to={`/corrections/new?subject=estate:${of.id}`}>写得不对？</Go>}
      >
        <Facts
          of={{
            类型: orMissing(of.kind, (kind) => estateKinds[kind]),
            地址: orMissing(of.address),
            城镇小区: orMissing(of.urban, yesNo),
            建成年份: orMissing(of.completedYear),
            户数: orMissing(of.households, count),
            '建筑面积（㎡）': orMissing(of.floorAreaCentiM2, squareMetres),
            楼栋数: orMissing(of.buildingCount, count),
            已登记房屋: orMissing(of.units, (units) => <Go to={`/estates/${of.id}/units`}>{`${count(units)} 套`}</Go>),
            已登记业主: orMissing(of.owners, (owners) => `${count(owners)} 人`),
            有物业服务: orMissing(of.served, yesNo),
            已长效管理: orMissing(of.longTermManaged, yesNo),
            维修资金低于续交线: orMissing(of.fundAlarmUnits, (units) => `${count(units)} 户`),
            纳入日期: of.enrolledOn,
          }}
        />
      </Section>
      <Projects of={of} />
      <Committees of={of} />
      {of.buildings.length > 0 && <Buildings of={of} />}
      {may(countEntries) && <Entries of={of} />}
      <Section title="大事记">
        <Timeline of={historyOf(of)} empty="物业服务和业主组织的起止日期待补。" />
      </Section>
    </Page>
  );
}

/** What the register knows the day of: who served when, which committee sat when. */
function historyOf({ projects, committees }: Estate): Happening[] {
  return [
    ...projects.flatMap((one) => {
      const who = one.companyName ?? serviceModes[one.mode];
      return [
        { on: one.startedOn, what: `${who}开始服务` },
        { on: one.endedOn, what: `${who}的服务结束` },
      ];
    }),
    ...committees.flatMap((one) => [
      { on: one.termFrom, what: `${one.name}任期开始` },
      { on: one.termTo, what: `${one.name}任期届满` },
    ]),
  ];
}

function Projects({ of }: { of: Estate }) {
  return (
    <Section title="物业项目">
      {of.projects.length === 0 ? (
        <Empty>{of.served === false ? '没有物业服务。' : '物业服务情况待补。'}</Empty>
      ) : (
        <Ledger
          label="物业项目"
          rows={of.projects}
          keyOf={(one) => one.id}
          columns={[
            {
              title: '服务方式',
              name: true,
              show: (one) => <Go to={`/projects/${one.id}`}>{serviceModes[one.mode]}</Go>,
            },
            {
              title: '企业',
              show: (one) =>
                one.companyId ? <Go to={`/companies/${one.companyId}`}>{one.companyName ?? ''}</Go> : '--',
            },
            { title: '项目经理', show: (one) => orMissing(one.managerName) },
            { title: '质量督导员', show: (one) => orMissing(one.supervised, yesNo) },
            {
              title: '服务期',
              show: (one) => <Lasting from={one.startedOn} to={one.endedOn} />,
            },
            { title: '状态', show: (one) => <ServiceState of={one} /> },
          ]}
        />
      )}
    </Section>
  );
}

function Committees({ of }: { of: Estate }) {
  return (
    <Section title="业主组织">
      {of.committees.length === 0 ? (
        <Empty>{of.hasCommittee === false ? '没有业委会，也没有物管会。' : '业主组织情况待补。'}</Empty>
      ) : (
        of.committees.map((one) => (
          <Fragment key={one.id}>
            <h3>
              <Go to={`/committees/${one.id}`}>{one.name}</Go> <TermState inTerm={one.inTerm} />
            </h3>
            <Facts of={committeeFacts(one)} />
            {one.roll.length > 0 && (
              <p className="roll">{one.roll.map((each) => `${memberTitles[each.title]} ${each.name}`).join('，')}</p>
            )}
          </Fragment>
        ))
      )}
    </Section>
  );
}

export function TermState({ inTerm }: { inTerm: boolean | null }) {
  if (inTerm === null) return <State tone="outside">任期待补</State>;
  return inTerm ? <State tone="met">任期内</State> : <State tone="soon">已届满</State>;
}

export function committeeFacts(one: Omit<Estate['committees'][number], 'roll'>) {
  return {
    种类: committeeKinds[one.kind],
    任期: (
      <>
        {orMissing(one.termFrom)} ～ {orMissing(one.termTo)}
      </>
    ),
    委员: orMissing(one.members, (members) => `${members} 人`),
    其中党员: orMissing(one.partyMembers, (members) => `${members} 人`),
    建立党组织: orMissing(one.hasPartyUnit, yesNo),
  };
}

function Buildings({ of }: { of: Estate }) {
  const may = useMay();
  return (
    <Section
      title="楼栋"
      note={`${of.buildings.length} 栋`}
      actions={
        <>
          <Go to={`/estates/${of.id}/units`}>全部房屋</Go>
          {may(exportOwners) && <Go to={`/estates/${of.id}/owners`}>业主</Go>}
        </>
      }
    >
      <Ledger
        label="楼栋"
        rows={of.buildings}
        keyOf={(one) => one.id}
        columns={[
          {
            title: '楼栋',
            name: true,
            show: (one) => (
              <Go to={`/estates/${of.id}/units`} query={{ building: one.id }}>
                {one.name}
              </Go>
            ),
          },
          { title: '房屋（套）', number: true, show: (one) => orMissing(one.units, count) },
          { title: '面积（㎡）', number: true, show: (one) => orMissing(one.areaCentiM2, squareMetres) },
        ]}
      />
    </Section>
  );
}

/** What the simple registers hold about it. */
function Entries({ of }: { of: Estate }) {
  const query = useAsk(countEntries, { estate: of.id });
  return (
    <Section title="设备、场所与划定">
      <Shown query={query} what="其他底册">
        {({ items }) => (
          <Facts
            of={Object.fromEntries(
              items.map((one) => [
                one.label,
                <Go key={one.code} to={`/registers/${one.code}`} query={{ estate: of.id }}>
                  {one.total === 0 ? '未登记' : `${count(one.total)} ${one.counter}`}
                </Go>,
              ]),
            )}
          />
        )}
      </Shown>
    </Section>
  );
}
