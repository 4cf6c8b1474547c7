import {
  type Correction,
  type CorrectionState,
  correctionSides,
  correctionStates,
  exportCorrections,
  listCorrections,
} from '../../../registers/corrections/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { standingOf, useMay, useMe } from '../../shared/session.tsx';
import { State, type Tone } from '../../shared/states.tsx';
import { TabLine } from '../../shared/tab-line.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count, options, orMissing } from '../../shared/words.tsx';

const states = { owed: '还没有办完', ...correctionStates } as const;

/** What one said is wrong and what became of it; for whoever keeps a register, what is to be answered. */
export function Component() {
  const url = useUrl();
  const may = useMay();
  const office = standingOf(useMe().post) === 'office';
  const side = url.one('side', ['mine', 'received'] as const) ?? (office ? 'received' : 'mine');
  const input = { side, state: url.one('state', Object.keys(states) as (CorrectionState | 'owed')[]) };
  const query = useList(listCorrections, input, url);
  return (
    <Page
      title="纠错"
      state={query.data ? `${count(query.data.total)} 件` : unanswered(query)}
      lead="底册写得不对，看得到的人都可以说；管底册的单位答复，改没改看底册现在怎么写。"
      actions={may(exportCorrections) && <ExportButton of={exportCorrections} input={input} list="纠错" />}
    >
      {office && (
        <TabLine
          label="纠错"
          name="side"
          current={side}
          of={(['received', 'mine'] as const).map((key) => ({ key, label: correctionSides[key] }))}
        />
      )}
      <Filters url={url} names={['state']}>
        <ChoiceField url={url} name="state" label="状态" choices={options(states)} />
      </Filters>
      <ListLedger
        label="纠错"
        query={query}
        url={url}
        unit="件"
        keyOf={(one) => one.id}
        empty={
          side === 'mine'
            ? '您还没有提出过纠错。看到哪个小区写得不对，打开那个小区，按“写得不对？”。'
            : '没有要答复的纠错。'
        }
        emptyAction={side === 'mine' && <Go to="/estates">去看小区</Go>}
        columns={[
          {
            title: '哪一项',
            name: true,
            show: (one) => <Go to={`/corrections/${one.id}`}>{`${one.subjectLabel}：${one.fieldLabel}`}</Go>,
          },
          { title: '当时写的', show: (one) => orMissing(one.said) },
          { title: '应当是', show: (one) => one.shouldBe },
          { title: '提出日期', show: (one) => <span className="nowrap">{one.askedOn}</span> },
          ...(side === 'mine' ? [{ title: '答复单位', show: (one: Correction) => one.keeperName }] : []),
          { title: '状态', show: (one) => <CorrectionMark of={one} /> },
        ]}
      />
    </Page>
  );
}

const tones: Record<CorrectionState, Tone> = {
  open: 'soon',
  accepted: 'soon',
  corrected: 'met',
  declined: 'calm',
  withdrawn: 'calm',
};

export function CorrectionMark({ of }: { of: Pick<Correction, 'state'> }) {
  return <State tone={tones[of.state]}>{correctionStates[of.state]}</State>;
}
