import { listSurveys, openSurvey } from '../../../registers/surveys/contract.ts';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useMay } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count } from '../../shared/words.tsx';

const states = [
  { value: 'no', label: '进行中' },
  { value: 'yes', label: '已结束' },
];

/** Which parts of the register are gone over, by whom and until when. */
export function Component() {
  const url = useUrl();
  const may = useMay();
  const query = useList(listSurveys, { closed: url.one('closed', ['yes', 'no'] as const) }, url);
  return (
    <Page
      title="底数摸排"
      state={query.data ? `${count(query.data.total)} 次` : unanswered(query)}
      lead="逐个小区核对底册写得对不对。没有变化的点一下，有变化的先改底册。"
      actions={may(openSurvey) && <Go to="/surveys/new">开始摸排</Go>}
    >
      <Filters url={url} names={['closed']}>
        <ChoiceField url={url} name="closed" label="状态" choices={states} />
      </Filters>
      <ListLedger
        label="底数摸排"
        query={query}
        url={url}
        unit="次"
        keyOf={(one) => one.id}
        empty="还没有摸排。要请下面把一批小区核对一遍，按“开始摸排”。"
        columns={[
          { title: '摸什么底', name: true, show: (one) => <Go to={`/surveys/${one.id}`}>{one.title}</Go> },
          { title: '地方', show: (one) => one.areaName },
          { title: '谁开始的', show: (one) => one.organisationName },
          { title: '期限', show: (one) => <span className="nowrap">{one.dueOn}</span> },
          {
            title: '状态',
            show: (one) =>
              one.closedOn === null ? (
                <State tone="calm">进行中</State>
              ) : (
                <State tone="met">{`${one.closedOn} 结束`}</State>
              ),
          },
        ]}
      />
    </Page>
  );
}
