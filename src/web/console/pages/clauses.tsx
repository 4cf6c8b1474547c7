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
import { Page } from '../../shared/page.tsx';
import { State } from '../../shared/states.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count } from '../../shared/words.tsx';

export function Component() {
  const url = useUrl();
  const filter = {
    pack: url.text('pack'),
    mechanism: url.text('mechanism'),
    force: url.one('force', Object.keys(clauseForces) as (keyof typeof clauseForces)[]),
    answer: url.one('answer', Object.keys(answerKinds) as (keyof typeof answerKinds)[]),
    search: url.text('search'),
  };
  const query = useList(listClauses, filter, url);
  const counts = query.data?.counts;
  const choices = (name: 'pack' | 'force' | 'answer' | 'mechanism') =>
    (counts?.[name] ?? []).map((one) => ({ value: one.code, label: `${one.label}（${one.count}）` }));
  return (
    <Page
      title="条款库"
      state={query.data ? `${count(query.data.total)} 条` : '正在载入'}
      lead="各地文件逐条的要求，用我们的话转述，以原文为准；每条后面写明系统用什么来回应。"
      actions={<ExportButton of={exportClauses} input={filter} />}
    >
      <Filters url={url} names={['search', 'pack', 'force', 'answer', 'mechanism']}>
        <SearchField url={url} label="要求或编号" />
        <ChoiceField url={url} name="pack" label="文件" choices={choices('pack')} />
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
          { title: '要求（释义）', width: '46%', show: (one) => one.demand },
          { title: '语气', show: (one) => <span className="nowrap">{clauseForces[one.force]}</span> },
          { title: '文件', show: (one) => one.packLabel },
          { title: '机制', show: (one) => one.mechanismLabel },
          { title: '如何回应', show: (one) => <Answer of={one} /> },
        ]}
      />
    </Page>
  );
}

export function Answer({ of }: { of: Clause }) {
  const { kind } = of.answer;
  return (
    <State tone={kind === 'planned' ? 'outside' : kind === 'exhortation' ? 'calm' : 'met'}>{answerKinds[kind]}</State>
  );
}
