import { Button } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { type Entry, type EntryKind, entryContracts, entryKinds } from '../../../registers/entries/contract.ts';
import { Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { useMay } from '../../shared/session.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { orMissing } from '../../shared/words.tsx';
import { EndEntry, type EntryAct, EntryForm } from '../entry-form.tsx';
import { PeriodOf, shownField } from '../entry-words.tsx';
import { Component as Nowhere } from './nowhere.tsx';

/** One row of a simple register: what it says, whom it is about, and all that it was. */
export function Component() {
  const { kind: code, id } = useParams();
  const kind = entryKinds.find((one) => one.code === code);
  return kind ? <Record key={id} kind={kind} id={Number(id)} /> : <Nowhere />;
}

function Record({ kind, id }: { kind: EntryKind; id: number }) {
  const contracts = entryContracts[kind.code]!;
  const query = useAsk(contracts.show, { id });
  const may = useMay();
  const [act, setAct] = useState<EntryAct | 'end'>();
  const entry = query.data as (Entry & { history: Entry[] }) | undefined;
  const latest = entry?.toOn === null;
  return (
    <Page
      title={entry?.title ?? kind.label}
      state={kind.label}
      lead={
        <>
          <Go to="/registers">其他底册</Go> › <Go to={`/registers/${kind.code}`}>{kind.label}</Go>
        </>
      }
      actions={
        entry &&
        may(contracts.correct) && (
          <>
            {latest && (
              <Button type="primary" onClick={() => setAct('change')}>
                变更
              </Button>
            )}
            <Button onClick={() => setAct('correct')}>更正</Button>
            {latest && <Button onClick={() => setAct('end')}>终止</Button>}
          </>
        )
      }
    >
      <Shown query={query} what={kind.label}>
        {() => entry && <Sections kind={kind} entry={entry} />}
      </Shown>
      {entry && act === 'end' && <EndEntry kind={kind} entry={entry} onClose={() => setAct(undefined)} />}
      {entry && act && act !== 'end' && (
        <EntryForm kind={kind} act={act} entry={entry} onClose={() => setAct(undefined)} />
      )}
    </Page>
  );
}

function Sections({ kind, entry }: { kind: EntryKind; entry: Entry & { history: Entry[] } }) {
  return (
    <>
      <Section title="登记的内容">
        <Facts
          of={{
            ...(entry.estate && { 小区: <Go to={`/estates/${entry.estate.id}`}>{entry.estate.name}</Go> }),
            所在: entry.areaName,
            ...Object.fromEntries(
              kind.fields.map((field) => [
                field.kind === 'area' ? `${field.label}（㎡）` : field.label,
                shownField(field, entry),
              ]),
            ),
            起止: <PeriodOf of={entry} />,
            依据: orMissing(entry.document),
            ...(entry.endReason && { 终止的理由: entry.endReason }),
          }}
        />
      </Section>
      {kind.estates && (
        <Section title={kind.estates.label} note={`${entry.estates.length} 个`}>
          <Ledger
            label={kind.estates.label}
            rows={entry.estates}
            keyOf={(one) => one.id}
            columns={[{ title: '小区', name: true, show: (one) => <Go to={`/estates/${one.id}`}>{one.name}</Go> }]}
          />
        </Section>
      )}
      <Section title="历史" note="变更一次，多一段；更正只改写错的那一段">
        <Ledger
          label="历史"
          rows={entry.history}
          keyOf={(one) => one.id}
          columns={[
            {
              title: '起止',
              name: true,
              show: (one) =>
                one.id === entry.id ? (
                  <PeriodOf of={one} />
                ) : (
                  <Go to={`/registers/${kind.code}/${one.id}`}>
                    <PeriodOf of={one} />
                  </Go>
                ),
            },
            ...kind.fields
              .filter((field) => !field.detailOnly)
              .map((field) => ({ title: field.label, show: (one: Entry) => shownField(field, one) })),
            { title: '依据', show: (one) => orMissing(one.document) },
          ]}
        />
      </Section>
    </>
  );
}
