import type { OutputOf } from '../../../kernel/contract.ts';
import { askCorrection } from '../../../registers/corrections/contract.ts';
import { showUnit, unitKinds } from '../../../registers/estates/contract.ts';
import { showPerson } from '../../../registers/people/contract.ts';
import { Empty } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { standingOf, useMay, useMe } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { type Happening, Timeline } from '../../shared/timeline.tsx';
import { count, Lasting, orMissing, squareMetres } from '../../shared/words.tsx';
import { RegisterLink } from '../register-link.tsx';

export function Component() {
  return (
    <RecordDetail of={showUnit} what="房屋">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

type Unit = OutputOf<typeof showUnit>;
type Ownership = NonNullable<Unit['ownerships']>[number];

/** One flat: what it is, who owns it and who did. */
function Record({ of }: { of: Unit }) {
  const may = useMay();
  const resident = standingOf(useMe().post) === 'resident';
  return (
    <Page
      title={`${of.buildingName} ${of.name}`}
      state="房屋"
      lead={<Go to={`/estates/${of.estateId}/units`}>{`${of.estateName}房屋`}</Go>}
      actions={<RegisterLink kind="units" what="房屋和业主" />}
    >
      <Section
        title="基本情况"
        actions={may(askCorrection) && <Go to={`/corrections/new?subject=unit:${of.id}`}>写得不对？</Go>}
      >
        <Facts
          of={{
            小区: <Go to={`/estates/${of.estateId}`}>{of.estateName}</Go>,
            楼栋: (
              <Go to={`/estates/${of.estateId}/units`} query={{ building: of.buildingId }}>
                {of.buildingName}
              </Go>
            ),
            房号: of.name,
            用途: unitKinds[of.kind],
            '面积（㎡）': orMissing(of.areaCentiM2, squareMetres),
            // Of an owner's view the count would be their own only.
            ...(!resident && { '业主（人）': count(of.owners) }),
          }}
        />
      </Section>
      {of.ownerships === null ? (
        <p className="note section">业主的姓名和产权的起止，由街道、社区和主管部门查看。</p>
      ) : (
        <Owners of={of.ownerships} note={resident ? '只列您自己的' : undefined} />
      )}
    </Page>
  );
}

function Owners({ of, note }: { of: readonly Ownership[]; note: string | undefined }) {
  const may = useMay();
  return (
    <>
      <Section title="产权" note={note}>
        {of.length === 0 ? (
          <Empty>没有登记业主。</Empty>
        ) : (
          <Ledger
            label="产权"
            rows={of}
            keyOf={(one) => `${one.personId} ${one.fromOn} ${one.toOn}`}
            columns={[
              {
                title: '业主',
                name: true,
                show: (one) => (may(showPerson) ? <Go to={`/people/${one.personId}`}>{one.name}</Go> : one.name),
              },
              { title: '起止', show: (one) => <Lasting from={one.fromOn} to={one.toOn} /> },
              { title: '状态', show: (one) => <OwnershipState of={one} /> },
              { title: '电话', show: phoneOf },
            ]}
          />
        )}
      </Section>
      <Section title="经过" note="产权的起止">
        <Timeline of={historyOf(of)} empty="产权的起止日期待补。" />
      </Section>
    </>
  );
}

/** The list of owners has the last digits of those who own a flat today, and so has its page. */
function phoneOf({ current, phoneTail }: Ownership) {
  if (!current) return '--';
  return phoneTail === null ? '没有登记' : <span className="nowrap">尾号 {phoneTail}</span>;
}

function OwnershipState({ of }: { of: Ownership }) {
  const { today } = useMe().deployment;
  if (of.current) return <State tone="met">现在的业主</State>;
  return of.fromOn !== null && of.fromOn > today ? (
    <State tone="calm">尚未取得</State>
  ) : (
    <State tone="calm">从前的业主</State>
  );
}

function historyOf(ownerships: readonly Ownership[]): Happening[] {
  return ownerships.flatMap((one) => [
    { on: one.fromOn, what: `${one.name}取得` },
    { on: one.toOn, what: `${one.name}不再是业主` },
  ]);
}
