import { Button } from 'antd';
import {
  fields,
  listReadings,
  listReadingsOfMe,
  type Reading,
  readKinds,
  showMyPhone,
} from '../../../registers/sealed/contract.ts';
import { Refusals } from '../../shared/feedback.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, Section, unanswered } from '../../shared/page.tsx';
import { useMay } from '../../shared/session.tsx';
import { useAct } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count, labelIn, options } from '../../shared/words.tsx';

/** Who opened sealed fields: all of the range for those who watch over it, one's own for everybody else. */
export function Component() {
  const may = useMay();
  return may(listReadings) ? <All /> : <Mine />;
}

const columns = [
  { title: '时间', name: true, show: (one: Reading) => <span className="nowrap">{one.at}</span> },
  {
    title: '谁看的',
    show: (one: Reading) =>
      [one.organisationName ?? '本人', one.reader, one.behalf && `代${one.behalf}`].filter(Boolean).join(' '),
  },
  { title: '看了什么', show: (one: Reading) => labelIn(fields, one.field) },
  { title: '情形', show: (one: Reading) => readKinds[one.kind] },
  { title: '理由', width: '34%', show: (one: Reading) => one.purpose ?? '--' },
];

function All() {
  const url = useUrl();
  const kinds = Object.keys(readKinds) as Reading['kind'][];
  const query = useList(listReadings, { kind: url.one('kind', kinds), search: url.text('search') }, url);
  return (
    <Page
      title="敏感信息查看记录"
      state={query.data ? `${count(query.data.total)} 次查看` : unanswered(query)}
      lead="电话、证件号码的每一次查看，自成一链，不能改也不能删。"
    >
      <Filters url={url} names={['search', 'kind']}>
        <SearchField url={url} label="姓名、单位或理由" />
        <ChoiceField url={url} name="kind" label="情形" choices={options(readKinds)} />
      </Filters>
      <ListLedger
        label="查看记录"
        query={query}
        url={url}
        unit="次"
        keyOf={(one) => one.id}
        empty="还没有人查看过。"
        columns={columns}
      />
    </Page>
  );
}

function Mine() {
  const url = useUrl();
  const query = useList(listReadingsOfMe, {}, url);
  const act = useAct(showMyPhone);
  return (
    <Page
      title="谁看过我的信息"
      state={query.data ? `${count(query.data.total)} 次` : unanswered(query)}
      lead="您的电话、证件号码加密保存。每一次查看都留痕，包括您自己看的。"
    >
      <Section
        title="我的电话"
        actions={
          <Button className="no-print" loading={act.isPending} onClick={() => act.mutate({ input: {} })}>
            查看我的电话
          </Button>
        }
      >
        <p role="status">{act.data ? (act.data.phone ?? '没有登记电话。') : '没有显示。'}</p>
        <Refusals error={act.error} />
      </Section>
      <Section title="查看记录">
        <ListLedger
          label="查看记录"
          query={query}
          url={url}
          unit="次"
          keyOf={(one) => one.id}
          empty="还没有人看过您的信息。"
          columns={columns}
        />
      </Section>
    </Page>
  );
}
