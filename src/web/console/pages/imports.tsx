import {
  batchStates,
  type ImportBatch,
  listImports,
  listRosterKinds,
  origins,
} from '../../../registers/rosters/contract.ts';
import { Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, useList } from '../../shared/ledger.tsx';
import { Page, Section, unanswered } from '../../shared/page.tsx';
import { State } from '../../shared/states.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count, moment, options } from '../../shared/words.tsx';
import { TemplateButton } from '../template-button.tsx';

export function Component() {
  const url = useUrl();
  const kinds = useAsk(listRosterKinds, {});
  const filter = {
    kind: url.text('kind'),
    state: url.one('state', Object.keys(batchStates) as (keyof typeof batchStates)[]),
  };
  const query = useList(listImports, filter, url);
  return (
    <Page
      title="名册导入"
      state={query.data ? `${count(query.data.total)} 次` : unanswered(query)}
      lead="用我们的模板，或直接用你们手里的表。先核对，后写入，写入后可以撤销。"
      actions={
        <Go to="/imports/new" className="primary-link">
          导入名册
        </Go>
      }
    >
      <Section title="可导入的名册">
        <Shown query={kinds} what="名册种类">
          {({ items }) => (
            <ul className="files">
              {items.map((one) => (
                <li key={one.code}>
                  <Go to="/imports/new" query={{ kind: one.code }}>
                    {one.label}
                  </Go>
                  <span className="note">
                    必填：
                    {one.fields
                      .filter((field) => field.required)
                      .map((field) => field.label)
                      .join('、') || '无'}
                  </span>
                  <TemplateButton kind={one.code} label={one.label} />
                </li>
              ))}
            </ul>
          )}
        </Shown>
      </Section>
      <Section title="导入记录">
        <Filters url={url} names={['kind', 'state']}>
          <ChoiceField
            url={url}
            name="kind"
            label="名册"
            choices={(kinds.data?.items ?? []).map((one) => ({ value: one.code, label: one.label }))}
          />
          <ChoiceField url={url} name="state" label="状态" choices={options(batchStates)} />
        </Filters>
        <ListLedger
          label="导入记录"
          query={query}
          url={url}
          unit="次"
          keyOf={(one) => one.id}
          empty="还没有导入过名册。"
          columns={[
            { title: '文件', name: true, show: (one) => <Go to={`/imports/${one.id}`}>{one.fileName}</Go> },
            { title: '名册', show: (one) => one.kindLabel },
            { title: '来源', show: (one) => origins[one.origin] },
            { title: '导入人', show: (one) => [one.organisationName, one.personName].filter(Boolean).join(' ') },
            { title: '时间', show: (one) => <span className="nowrap">{moment(one.createdAt)}</span> },
            { title: '行数', number: true, show: (one) => (one.counts ? count(one.counts.total) : '--') },
            { title: '错误', number: true, show: (one) => (one.counts ? count(one.counts.wrong) : '--') },
            { title: '状态', show: (one) => <BatchState of={one} /> },
          ]}
        />
      </Section>
    </Page>
  );
}

export function BatchState({ of }: { of: Pick<ImportBatch, 'state'> }) {
  const tone =
    of.state === 'committed'
      ? 'met'
      : of.state === 'failed'
        ? 'overdue'
        : of.state === 'checked' || of.state === 'read'
          ? 'soon'
          : 'calm';
  return <State tone={tone}>{batchStates[of.state]}</State>;
}
