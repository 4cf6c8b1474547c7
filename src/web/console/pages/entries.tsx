import { Button } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { isLocalDate } from '../../../kernel/local-date.ts';
import {
  type Entry,
  type EntryKind,
  entryContracts,
  entryKinds,
  entryPhases,
} from '../../../registers/entries/contract.ts';
import { listRosterKinds } from '../../../registers/rosters/contract.ts';
import { AsOfField } from '../../shared/as-of-field.tsx';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea, useMay } from '../../shared/session.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count, options, orMissing } from '../../shared/words.tsx';
import { EntryForm } from '../entry-form.tsx';
import { PeriodOf, shownField } from '../entry-words.tsx';
import { Component as Nowhere } from './nowhere.tsx';

/** An address may say anything. */
const dayOf = (text: string | undefined) => (text !== undefined && isLocalDate(text) ? text : undefined);

/** One simple register as a list. */
export function Component() {
  const { kind: code } = useParams();
  const kind = entryKinds.find((one) => one.code === code);
  return kind ? <List key={kind.code} kind={kind} /> : <Nowhere />;
}

function List({ kind }: { kind: EntryKind }) {
  const url = useUrl();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const contracts = entryContracts[kind.code]!;
  const choices = kind.fields.filter((field) => field.kind === 'choice');
  const phases = { ...entryPhases, all: '全部' };
  const filter = {
    area: useArea(),
    estate: url.number('estate'),
    on: dayOf(url.text('on')),
    phase: url.one('phase', Object.keys(phases) as (keyof typeof phases)[]),
    ...Object.fromEntries(choices.map((field) => [field.key, url.one(field.key, Object.keys(field.choices ?? {}))])),
    search: url.text('search'),
    sort: url.one('sort', ['area', 'title', 'fromOn'] as const),
    order: url.one('order', ['asc', 'desc'] as const),
  };
  const query = useList(contracts.list, filter, url);
  const inOne = filter.estate !== undefined;
  const add = may(contracts.add) && (
    <Button type="primary" onClick={() => setAdding(true)}>
      登记{kind.one}
    </Button>
  );
  const roster = (
    <Go to="/imports/new" query={{ kind: kind.code }}>
      导入{kind.label}名册
    </Go>
  );
  return (
    <Page
      title={kind.label}
      state={query.data ? `${count(query.data.total)} ${kind.counter}` : unanswered(query)}
      lead={
        <>
          <Go to="/registers">其他底册</Go>：{kind.lead}
          {inOne && (
            <>
              {' '}
              只看一个小区的。<Go to={`/registers/${kind.code}`}>看全部</Go>
            </>
          )}
        </>
      }
      actions={
        <>
          {add}
          {may(listRosterKinds) && roster}
          <ExportButton of={contracts.export} input={filter} list={kind.label} />
        </>
      }
    >
      <Filters url={url} names={['search', 'on', 'phase', ...choices.map((field) => field.key)]}>
        <SearchField url={url} label={kind.place === 'bodies' ? '单位名称' : '名称、社区或小区'} />
        {choices.map((field) => (
          <ChoiceField
            key={field.key}
            url={url}
            name={field.key}
            label={field.label}
            choices={options(field.choices ?? {})}
          />
        ))}
        <AsOfField url={url} label="截至哪一天（默认今天）" />
        <ChoiceField url={url} name="phase" label="现行" choices={options(phases)} />
      </Filters>
      <ListLedger
        label={kind.label}
        query={query as never}
        url={url}
        unit={kind.counter}
        keyOf={(one: Entry) => one.id}
        empty={`这里没有登记${kind.one}。`}
        emptyAction={may(listRosterKinds) ? roster : undefined}
        columns={[
          {
            title: kind.place === 'bodies' ? '关系' : (kind.fields[0]?.label ?? '名称'),
            name: true,
            sort: 'title',
            show: (one: Entry) => <Go to={`/registers/${kind.code}/${one.id}`}>{one.title}</Go>,
          },
          ...(kind.place === 'bodies'
            ? []
            : [
                {
                  title: kind.place === 'estate' ? '小区' : '所在',
                  sort: 'area',
                  show: (one: Entry) =>
                    one.estate ? <Go to={`/estates/${one.estate.id}`}>{one.estate.name}</Go> : one.areaName,
                },
              ]),
          ...kind.fields
            .filter((field) => !field.detailOnly && field.key !== 'name' && kind.place !== 'bodies')
            .map((field) => ({
              title: field.kind === 'area' ? `${field.label}（㎡）` : field.label,
              number: field.kind === 'integer' || field.kind === 'area',
              show: (one: Entry) => shownField(field, one),
            })),
          ...(kind.place === 'bodies'
            ? kind.fields
                .filter((field) => field.kind === 'choice')
                .map((field) => ({ title: '种类', show: (one: Entry) => shownField(field, one) }))
            : []),
          ...(kind.estates
            ? [
                {
                  title: kind.estates.label,
                  number: true,
                  show: (one: Entry) => `${count(one.estates.length)} 个`,
                },
              ]
            : []),
          { title: '起止', sort: 'fromOn', show: (one: Entry) => <PeriodOf of={one} /> },
          ...(kind.place === 'bodies' ? [{ title: '依据', show: (one: Entry) => orMissing(one.document) }] : []),
        ]}
      />
      {adding && <EntryForm kind={kind} act="add" onClose={() => setAdding(false)} />}
    </Page>
  );
}
