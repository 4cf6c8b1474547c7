import { listCorrections } from '../../registers/corrections/contract.ts';
import { Go } from '../shared/go.tsx';
import { Ledger } from '../shared/ledger.tsx';
import { Section } from '../shared/page.tsx';
import { standingOf, useMe } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';
import { count, orMissing } from '../shared/words.tsx';
import { CorrectionMark } from './pages/corrections.tsx';

/** Ours: as many as stand on the workbench; the rest is a list away. */
const most = 5;

/** What others said is wrong in the registers one keeps, until it is answered and changed; nothing where there is none. */
export function CorrectionsOwed() {
  const office = standingOf(useMe().post) === 'office';
  const { data } = useAsk(listCorrections, { side: 'received', state: 'owed', limit: most }, { enabled: office });
  if (!data || data.total === 0) return null;
  return (
    <Section
      title="要答复的纠错"
      note={`共 ${count(data.total)} 件，先来的在前`}
      actions={
        <Go to="/corrections" query={{ side: 'received', state: 'owed' }}>
          全部纠错
        </Go>
      }
    >
      <Ledger
        label="要答复的纠错"
        rows={data.rows}
        keyOf={(one) => one.id}
        columns={[
          {
            title: '哪一项',
            name: true,
            show: (one) => <Go to={`/corrections/${one.id}`}>{`${one.subjectLabel}：${one.fieldLabel}`}</Go>,
          },
          { title: '当时写的', show: (one) => orMissing(one.said) },
          { title: '应当是', show: (one) => one.shouldBe },
          { title: '提出日期', show: (one) => <span className="nowrap">{one.askedOn}</span> },
          { title: '状态', show: (one) => <CorrectionMark of={one} /> },
        ]}
      />
    </Section>
  );
}
