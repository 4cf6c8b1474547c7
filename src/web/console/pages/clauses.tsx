import type { OutputOf } from '../../../kernel/contract.ts';
import { readClauseStandings } from '../../../oversight/duties/contract.ts';
import {
  answerKinds,
  type Clause,
  clauseForces,
  exportClauses,
  listClauses,
} from '../../../registers/requirements/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea, useMay } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count } from '../../shared/words.tsx';

const standings = [
  { value: 'owing', label: '有人欠着' },
  { value: 'kept', label: '到期的都办了' },
  { value: 'none', label: '没有到期的义务' },
] as const;

/** Every clause of every text: what it says, what answers it, and who owes what under it now. */
export function Component() {
  const url = useUrl();
  const may = useMay();
  const area = useArea();
  const standing = useAsk(readClauseStandings, { area }, { keep: true, enabled: may(readClauseStandings) });
  const sums = new Map((standing.data?.clauses ?? []).map((one) => [one.id, one]));
  const state = may(readClauseStandings) ? url.one('state', ['owing', 'kept', 'none'] as const) : undefined;
  const filter = {
    ...idsOf(state, standing.data?.clauses),
    pack: url.text('pack'),
    section: url.text('pack') && url.text('section'),
    actor: url.text('actor'),
    mechanism: url.text('mechanism'),
    force: url.one('force', Object.keys(clauseForces) as (keyof typeof clauseForces)[]),
    answer: url.one('answer', Object.keys(answerKinds) as (keyof typeof answerKinds)[]),
    search: url.text('search'),
  };
  const query = useList(listClauses, filter, url);
  const counts = query.data?.counts;
  const choices = (name: 'pack' | 'section' | 'force' | 'answer' | 'mechanism' | 'actor') =>
    (counts?.[name] ?? []).map((one) => ({ value: one.code, label: `${one.label}（${one.count}）` }));
  return (
    <Page
      title="条款库"
      state={query.data ? `${count(query.data.total)} 条` : unanswered(query)}
      lead="各地文件逐条的要求，用我们的话转述，以原文为准；每条后面写明系统用什么来回应。"
      actions={<ExportButton of={exportClauses} input={filter} list="条款" />}
    >
      <Filters url={url} names={['search', 'pack', 'section', 'actor', 'force', 'answer', 'mechanism', 'state']}>
        <SearchField url={url} label="要求、机制或编号" />
        <ChoiceField url={url} name="pack" label="文件" choices={choices('pack')} />
        {filter.pack && <ChoiceField url={url} name="section" label="章节" choices={choices('section')} />}
        {may(readClauseStandings) && <ChoiceField url={url} name="state" label="现状" choices={standings} />}
        <ChoiceField url={url} name="actor" label="要求谁" choices={choices('actor')} />
        <ChoiceField url={url} name="force" label="语气" choices={choices('force')} />
        <ChoiceField url={url} name="answer" label="如何回应" choices={choices('answer')} />
        <ChoiceField url={url} name="mechanism" label="机制" choices={choices('mechanism')} />
      </Filters>
      <ListLedger
        label="条款"
        query={query}
        url={url}
        unit="条"
        keyOf={(one) => one.id}
        empty="没有符合条件的条款。"
        columns={[
          {
            title: '编号',
            width: 110,
            name: true,
            show: (one) => <Go to={`/clauses/${encodeURIComponent(one.id)}`}>{one.id}</Go>,
          },
          { title: '要求（释义）', width: '36%', show: (one) => one.demand },
          { title: '语气', show: (one) => <span className="nowrap">{clauseForces[one.force]}</span> },
          {
            title: '文件',
            show: (one) => (
              <>
                {one.packLabel}
                <span className="sub">{one.section}</span>
              </>
            ),
          },
          { title: '要求谁', show: (one) => one.actors.map((actor) => actor.label).join('、') || '--' },
          { title: '如何回应', show: (one) => <Answer of={one} /> },
          ...(may(readClauseStandings)
            ? [{ title: '现状', show: (one: Clause) => <Now of={sums.get(one.id)} id={one.id} /> }]
            : []),
        ]}
      />
    </Page>
  );
}

type Sum = OutputOf<typeof readClauseStandings>['clauses'][number];

/** The clauses of a state, as the list is asked for them: by what they are, or by leaving out what they are not. */
function idsOf(state: 'owing' | 'kept' | 'none' | undefined, sums: readonly Sum[] | undefined) {
  if (state === undefined || sums === undefined) return {};
  const due = sums.filter((one) => one.required > 0);
  if (state === 'none') return { without: due.map((one) => one.id) };
  const ids = due.filter((one) => (state === 'owing') === one.owed > 0).map((one) => one.id);
  // No clause of this state: one that does not exist, so that the list is empty and not whole.
  return { ids: ids.length > 0 ? ids : ['-'] };
}

function Now({ of, id }: { of: Sum | undefined; id: string }) {
  if (!of || of.required === 0) return <span className="note">--</span>;
  return of.owed > 0 ? (
    <Go
      className="nowrap"
      to="/duties"
      query={{ clause: id, tab: 'overdue' }}
      label={`欠 ${count(of.owed)} 项，条款 ${id}`}
    >
      欠 {count(of.owed)} 项
    </Go>
  ) : (
    <State tone="met">{`已办 ${count(of.done)}`}</State>
  );
}

export function Answer({ of }: { of: Clause }) {
  const { kind } = of.answer;
  return (
    <State tone={kind === 'planned' ? 'outside' : kind === 'exhortation' ? 'calm' : 'met'}>{answerKinds[kind]}</State>
  );
}
