import {
  countFlaws,
  exportFlaws,
  type Flaw,
  type FlawKind,
  flawKinds,
  listFlaws,
} from '../../../registers/quality/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, Ledger, ListLedger, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { standingOf, useArea, useMe } from '../../shared/session.tsx';
import { TabLine } from '../../shared/tab-line.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count, orMissing } from '../../shared/words.tsx';

const kinds = (Object.keys(flawKinds) as FlawKind[]).map((value) => ({ value, label: flawKinds[value].label }));

/** What is missing in the registers or contradicts itself: how many of each kind, and one by one who can put it right. */
export function Component() {
  const url = useUrl();
  const { post } = useMe();
  const area = useArea();
  const keeper = url.number('keeper');
  const view = url.one('view', ['kinds', 'list'] as const) ?? 'kinds';
  const input = { area, keeper, kind: url.one('kind', Object.keys(flawKinds) as FlawKind[]) };
  const counts = useAsk(countFlaws, { area, keeper });
  const total = counts.data?.items.reduce((sum, one) => sum + one.total, 0);
  return (
    <Page
      title="数据质量"
      state={total === undefined ? unanswered(counts) : `${count(total)} 处`}
      lead="底册里缺的、前后对不上的。改好底册，这里随即消失，不用销号。"
      actions={<ExportButton of={exportFlaws} input={input} list="数据质量" />}
      definition="由底册当日算出，不另存。没有摸排过的写“待补”，不当作没有。"
    >
      <TabLine
        label="数据质量"
        name="view"
        current={view}
        of={[
          { key: 'kinds', label: '按问题' },
          { key: 'list', label: '逐项' },
        ]}
      />
      <Filters url={url} names={view === 'list' ? ['kind', 'keeper'] : ['keeper']}>
        {view === 'list' && <ChoiceField url={url} name="kind" label="问题" choices={kinds} />}
        {standingOf(post) === 'office' && post.organisationId !== null && (
          <ChoiceField
            url={url}
            name="keeper"
            label="谁能改"
            choices={[{ value: String(post.organisationId), label: '本单位能改的' }]}
          />
        )}
      </Filters>
      {view === 'kinds' ? (
        <Shown query={counts} what="各种问题">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>没有发现问题。</Empty>
            ) : (
              <Ledger
                label="各种问题"
                rows={items}
                keyOf={(one) => one.kind}
                columns={[
                  {
                    title: '问题',
                    name: true,
                    show: (one) => (
                      <Go to="/quality" query={{ view: 'list', kind: one.kind, keeper }}>
                        {flawKinds[one.kind].label}
                      </Go>
                    ),
                  },
                  { title: '件数', number: true, show: (one) => count(one.total) },
                  { title: '怎么改', show: (one) => flawKinds[one.kind].remedy },
                ]}
              />
            )
          }
        </Shown>
      ) : (
        <List input={input} />
      )}
    </Page>
  );
}

function List({
  input,
}: {
  input: { area: string | undefined; keeper: number | undefined; kind: FlawKind | undefined };
}) {
  const url = useUrl();
  const sorted = {
    sort: url.one('sort', ['area', 'since'] as const),
    order: url.one('order', ['asc', 'desc'] as const),
  };
  const query = useList(listFlaws, { ...input, ...sorted }, url);
  return (
    <ListLedger
      label="数据质量"
      query={query}
      url={url}
      unit="处"
      keyOf={(one) => `${one.kind} ${one.id}`}
      empty="没有发现这样的问题。"
      columns={[
        { title: '哪一项', name: true, show: (one) => <Go to={pageOf(one)}>{one.name}</Go> },
        { title: '问题', show: (one) => flawKinds[one.kind].label },
        { title: '情形', show: (one) => one.detail },
        { title: '所在', sort: 'area', show: (one) => one.areaName },
        { title: '自何日起', sort: 'since', show: (one) => <span className="nowrap">{one.since ?? '--'}</span> },
        { title: '谁能改', show: (one) => <Keeper of={one} /> },
      ]}
    />
  );
}

/** Where it is put right. */
function pageOf({ kind, id, estateId }: Flaw): string {
  return flawKinds[kind].at.replace(':estate', String(estateId)).replace(':id', String(id));
}

function Keeper({ of: { keeperId, keeperName, posts } }: { of: Flaw }) {
  return (
    <>
      {orMissing(keeperName, (name) => (
        <Go to="/quality" query={{ view: 'list', keeper: keeperId ?? undefined }}>
          {name}
        </Go>
      ))}
      {posts.length > 0 && <span className="note">（{posts.join('、')}）</span>}
    </>
  );
}
