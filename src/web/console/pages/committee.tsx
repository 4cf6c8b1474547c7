import type { OutputOf } from '../../../kernel/contract.ts';
import { memberTitles, showCommittee } from '../../../registers/estates/contract.ts';
import { Empty } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { type Happening, Timeline } from '../../shared/timeline.tsx';
import { Lasting, orMissing } from '../../shared/words.tsx';
import { BoardOf } from '../board-of.tsx';
import { committeeFacts, TermState } from './estate.tsx';

export function Component() {
  return (
    <RecordDetail of={showCommittee} what="业委会">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

type Committee = OutputOf<typeof showCommittee>;

function Record({ of }: { of: Committee }) {
  return (
    <Page
      title={of.name}
      state="业委会"
      mark={<TermState inTerm={of.inTerm} />}
      lead={<Go to={`/estates/${of.estateId}`}>{of.estateName}</Go>}
    >
      <BoardOf bearer={of.id} />
      <Section title="基本情况">
        <Facts
          of={{
            ...committeeFacts(of),
            其中业主: orMissing(of.ownerMembers, (members) => `${members} 人`),
            纳入日期: of.enrolledOn,
          }}
        />
      </Section>
      <Section title="组成人员">
        {of.roll.length === 0 ? (
          <Empty>名单待补。</Empty>
        ) : (
          <Ledger
            label="组成人员"
            rows={of.roll}
            keyOf={(one) => `${one.title}${one.name}${one.fromOn}`}
            columns={[
              { title: '姓名', name: true, show: (one) => one.name },
              { title: '职务', show: (one) => memberTitles[one.title] },
              {
                title: '任期',
                show: (one) => <Lasting from={one.fromOn} to={one.toOn} />,
              },
            ]}
          />
        )}
      </Section>
      <Section title="大事记">
        <Timeline of={historyOf(of)} empty="任期和任职的日期待补。" />
      </Section>
    </Page>
  );
}

/** What the register knows the day of. */
function historyOf({ termFrom, termTo, roll }: Committee): Happening[] {
  return [
    { on: termFrom, what: '本届任期开始' },
    { on: termTo, what: '本届任期届满' },
    ...roll.flatMap((one) => [
      { on: one.fromOn, what: `${one.name}任${memberTitles[one.title]}` },
      { on: one.toOn, what: `${one.name}不再任${memberTitles[one.title]}` },
    ]),
  ];
}
