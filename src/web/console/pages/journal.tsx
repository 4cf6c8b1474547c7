import { type Event, listEvents } from '../../../registers/sealed/contract.ts';
import { Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count } from '../../shared/words.tsx';
import { LastVerification } from '../verification.tsx';

/** The journal of the range, as it was written: what was done, by whom, in which chain. */
export function Component() {
  const url = useUrl();
  const query = useList(listEvents, { act: url.text('search') }, url);
  return (
    <Page
      title="留痕"
      state={query.data ? `${count(query.data.total)} 条` : unanswered(query)}
      lead="每一项变更一条，只增不改；链为小区、单位，或单位的敏感信息查看。"
    >
      <LastVerification />
      <Filters url={url} names={['search']}>
        <SearchField url={url} label="事项开头，如 people." />
      </Filters>
      <ListLedger
        label="留痕"
        query={query}
        url={url}
        unit="条"
        keyOf={(one: Event) => `${one.chain} ${one.seq}`}
        empty="没有符合条件的留痕。"
        columns={[
          { title: '时间', name: true, show: (one) => <span className="nowrap">{one.at}</span> },
          { title: '事项', show: (one) => <code>{one.act}</code> },
          { title: '对象', width: '16%', show: (one) => <code className="detail">{one.object}</code> },
          {
            title: '何人',
            width: '16%',
            show: (one) => [one.organisationName, one.person].filter(Boolean).join(' ') || '系统任务',
          },
          { title: '理由', width: '16%', show: (one) => one.reason ?? '--' },
          { title: '内容', width: '18%', show: (one) => <code className="detail">{one.detail}</code> },
          { title: '链上位置', show: (one) => `${one.chain} 第 ${one.seq} 条` },
        ]}
      />
    </Page>
  );
}
