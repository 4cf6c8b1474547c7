import { useParams } from 'react-router';
import { memberTitles, showCommittee } from '../../../registers/estates/contract.ts';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { orMissing } from '../../shared/words.tsx';
import { BoardOf } from '../board-of.tsx';
import { committeeFacts, TermState } from './estate.tsx';

export function Component() {
  const id = Number(useParams().id);
  const query = useAsk(showCommittee, { id });
  const of = query.data;
  if (!of) {
    return (
      <Page title="业委会" state={query.error ? '没有打开' : '正在载入'}>
        <Shown query={query} what="业委会">
          {() => null}
        </Shown>
      </Page>
    );
  }
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
                show: (one) => (
                  <>
                    {orMissing(one.fromOn)} ～ {one.toOn ?? '至今'}
                  </>
                ),
              },
            ]}
          />
        )}
      </Section>
    </Page>
  );
}
