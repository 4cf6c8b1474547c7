import { Button } from 'antd';
import { useState } from 'react';
import type { OutputOf } from '../../../kernel/contract.ts';
import { listPostings } from '../../../procedures/documents/contract.ts';
import { closeGroup, groupKinds, showGroup } from '../../../registers/groups/contract.ts';
import { Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { useMay } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { Timeline } from '../../shared/timeline.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { Close } from './groups.tsx';

export function Component() {
  return (
    <RecordDetail of={showGroup} what="群">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

/** One chat group: who looks after it, and what reached it when. */
function Record({ of }: { of: OutputOf<typeof showGroup> }) {
  const may = useMay();
  const [closing, setClosing] = useState(false);
  const postings = useAsk(listPostings, { id: of.id });
  const closed = of.closedOn !== null;
  return (
    <Page
      title={of.name}
      state={closed ? '已停用' : '在用'}
      mark={<State tone={closed ? 'outside' : 'met'}>{closed ? '已停用' : '在用'}</State>}
      lead="只登记群，不登记成员和电话。"
      actions={!closed && may(closeGroup) && <Button onClick={() => setClosing(true)}>停用</Button>}
    >
      <Facts
        of={{
          小区: <Go to={`/estates/${of.estateId}`}>{of.estateName}</Go>,
          类别: groupKinds[of.kind],
          负责单位: of.organisationName,
          登记日期: of.addedOn,
        }}
      />
      <Section title="经过" note="登记、停用，和哪天发过哪份通知">
        <Shown query={postings} what="经过">
          {({ items }) => (
            <Timeline
              empty="还没有记录。"
              of={[
                { on: of.addedOn, what: '登记' },
                ...items.map((one) => ({
                  on: one.on,
                  who: one.by,
                  what: (
                    <>
                      发了<Go to={`/documents/${one.documentId}`}>{one.title}</Go>
                    </>
                  ),
                })),
                { on: of.closedOn, what: '停用', note: of.closedReason },
              ]}
            />
          )}
        </Shown>
      </Section>
      {closing && <Close of={of} onClose={() => setClosing(false)} />}
    </Page>
  );
}
