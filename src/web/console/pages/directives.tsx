import { Link } from 'react-router';
import {
  countDirectives,
  type Directive,
  directiveStates,
  exportDirectives,
  issueDirective,
  listDirectives,
  sides,
} from '../../../oversight/directives/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Shown } from '../../shared/feedback.tsx';
import { ClauseChip, Go } from '../../shared/go.tsx';
import { Ledger, ListLedger, useList } from '../../shared/ledger.tsx';
import { Page, Section, unanswered } from '../../shared/page.tsx';
import { useAddress, useMay } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { TabLine } from '../../shared/tab-line.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count, daysWord } from '../../shared/words.tsx';

const tabs = Object.keys(sides) as (keyof typeof sides)[];

export function Component() {
  const url = useUrl();
  const side = url.one('side', tabs) ?? 'received';
  const input = {
    side,
    open: url.one('open', ['yes', 'no', 'overdue'] as const),
    from: url.number('from'),
    to: url.number('to'),
    clause: url.text('clause'),
  };
  const query = useList(listDirectives, input, url);
  const may = useMay();
  const address = useAddress();
  const narrowed = input.from !== undefined || input.to !== undefined || input.clause !== undefined;
  return (
    <Page
      title="督办"
      state={query.data ? `${query.data.total} 件` : unanswered(query)}
      lead="每件都写明凭哪一条、什么时候前办好；系统里已有的不再要。"
      definition="期限含已同意的延期；已答复待核的不计超期；撤回的不计入收到的件数。"
      actions={
        <>
          {may(issueDirective) && (
            <Link className="primary-link" to={address('/directives/new')}>
              发出督办
            </Link>
          )}
          <ExportButton of={exportDirectives} input={input} list="督办" />
        </>
      }
    >
      <TabLine label="督办" name="side" current={side} of={tabs.map((key) => ({ key, label: sides[key] }))} />
      {narrowed && (
        <p className="note">
          只看其中一部分。
          <Go to="/directives" query={{ side }}>
            看全部
          </Go>
        </p>
      )}
      <ListLedger
        label="督办"
        query={query}
        url={url}
        unit="件"
        keyOf={(one) => one.id}
        empty={
          side === 'received'
            ? '没有收到督办。'
            : side === 'sent'
              ? '没有发出督办。可从超期的义务页发出。'
              : '辖区内没有督办。'
        }
        columns={directiveColumns}
      />
      <Received />
    </Page>
  );
}

export const directiveColumns = [
  {
    title: '事由',
    name: true as const,
    width: '34%',
    show: (one: Directive) => (
      <>
        <Go to={`/directives/${one.id}`}>{one.title}</Go>
        {one.subjectLabel && <span className="sub">{`${one.subjectLabel}　${one.period}`}</span>}
      </>
    ),
  },
  { title: '依据', show: (one: Directive) => <ClauseChip id={one.clauseId} /> },
  { title: '谁发的', show: (one: Directive) => one.fromName },
  { title: '谁承办', show: (one: Directive) => one.toName },
  { title: '期限', show: (one: Directive) => one.due },
  { title: '状态', show: (one: Directive) => <DirectiveState of={one} /> },
];

export function DirectiveState({ of }: { of: Directive }) {
  const tone = of.overdue ? 'overdue' : of.state === 'closed' ? 'met' : of.state === 'withdrawn' ? 'outside' : 'calm';
  return <State tone={tone}>{`${directiveStates[of.state]}${of.overdue ? `，${daysWord(of.daysLate)}` : ''}`}</State>;
}

/** How many each body received and from whom: the sum of what is asked of those below. */
function Received() {
  const query = useAsk(countDirectives, {});
  return (
    <Section title="谁收到多少，谁发的">
      <Shown query={query} what="件数">
        {({ items }) =>
          items.length === 0 ? (
            <p className="note">还没有督办。</p>
          ) : (
            <Ledger
              label="收到的件数"
              rows={items}
              keyOf={(one) => `${one.toId}-${one.fromId}`}
              columns={[
                { title: '承办单位', name: true, show: (one) => (one.mine ? `${one.toName}（本单位）` : one.toName) },
                { title: '发出单位', show: (one) => one.fromName },
                {
                  title: '收到',
                  number: true,
                  show: (one) => (
                    <Go to="/directives" query={{ side: 'all', to: String(one.toId), from: String(one.fromId) }}>
                      {count(one.total)}
                    </Go>
                  ),
                },
                { title: '未办结', number: true, show: (one) => count(one.open) },
                { title: '超期', number: true, show: (one) => count(one.overdue) },
              ]}
            />
          )
        }
      </Shown>
    </Section>
  );
}
