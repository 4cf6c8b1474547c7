import type { OutputOf } from '../../../kernel/contract.ts';
import { readBoard } from '../../../oversight/duties/contract.ts';
import { organisationKinds, showOrganisation } from '../../../registers/organisations/contract.ts';
import { type HeldPost, listPosts } from '../../../registers/people/contract.ts';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { useMay } from '../../shared/session.tsx';
import { type Happening, Timeline } from '../../shared/timeline.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { Lasting, orMissing } from '../../shared/words.tsx';
import { BoardOf } from '../board-of.tsx';
import { organisationPath } from '../organisation-path.ts';

export function Component() {
  return (
    <RecordDetail of={showOrganisation} what="单位">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

type Organisation = OutputOf<typeof showOrganisation>;

/** One body: what it owes, who it is, under whom and above whom it works, and who holds its posts. */
function Record({ of }: { of: Organisation }) {
  const may = useMay();
  const posts = useAsk(
    listPosts,
    { organisation: of.id, past: 'yes', limit: 200 },
    { enabled: may(listPosts), keep: true },
  );
  const own = organisationPath(of);
  return (
    <Page
      title={of.name}
      state={organisationKinds[of.kind]}
      lead={
        own === `/organisations/${of.id}` ? <Go to="/organisations">单位名录</Go> : <Go to={own}>业务情况在这一页</Go>
      }
    >
      {may(readBoard) && <BoardOf bearer={of.id} />}
      <Section title="基本情况">
        <Facts
          of={{
            类别: organisationKinds[of.kind],
            所在: orMissing(of.areaName),
            上级:
              of.parentId === null ? '—' : <Go to={`/organisations/${of.parentId}`}>{of.parentName ?? '上级单位'}</Go>,
            隶属关系: (
              <Go to="/registers/organisation-relations" query={{ search: of.name }}>
                上级和下级
              </Go>
            ),
            统一社会信用代码: orMissing(of.uscc),
            电话: orMissing(of.telephone),
            成立日期: orMissing(of.foundedOn),
            纳入日期: of.enrolledOn,
          }}
        />
      </Section>
      {of.subordinates.length > 0 && (
        <Section title="下级单位">
          <Ledger
            label="下级单位"
            rows={of.subordinates}
            keyOf={(one) => one.id}
            columns={[
              { title: '名称', name: true, show: (one) => <Go to={organisationPath(one)}>{one.name}</Go> },
              { title: '类别', show: (one) => organisationKinds[one.kind] },
              { title: '所在', show: (one) => orMissing(one.areaName) },
            ]}
          />
        </Section>
      )}
      {may(listPosts) && (
        <Section title="任职">
          <Shown query={posts} what="任职">
            {({ rows }) =>
              rows.length === 0 ? (
                <Empty>没有您范围之内的任职。</Empty>
              ) : (
                <Ledger
                  label="任职"
                  rows={rows}
                  keyOf={(one) => one.id}
                  columns={[
                    {
                      title: '姓名',
                      name: true,
                      show: (one) => <Go to={`/people/${one.personId}`}>{one.personName}</Go>,
                    },
                    { title: '职务', show: (one) => one.title },
                    { title: '任期', show: (one) => <Lasting from={one.fromOn} to={one.toOn} /> },
                    { title: '依据文件', show: (one) => orMissing(one.document) },
                  ]}
                />
              )
            }
          </Shown>
        </Section>
      )}
      <Section title="大事记">
        <Timeline of={historyOf(of, posts.data?.rows ?? [])} empty="成立和任职的日期待补。" />
      </Section>
    </Page>
  );
}

function historyOf({ foundedOn, enrolledOn, dissolvedOn }: Organisation, posts: readonly HeldPost[]): Happening[] {
  return [
    { on: foundedOn, what: '成立' },
    { on: enrolledOn, what: '纳入管理' },
    { on: dissolvedOn, what: '撤销' },
    ...posts.flatMap((one) => [
      { on: one.fromOn, what: `${one.personName}任${one.title}`, note: one.document },
      { on: one.toOn, what: `${one.personName}不再任${one.title}`, note: one.endReason },
    ]),
  ];
}
