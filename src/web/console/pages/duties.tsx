import { labelOfPeriod } from '../../../kernel/local-date.ts';
import { exportDuties, listDuties } from '../../../oversight/duties/contract.ts';
import { effects, groups } from '../../../registers/requirements/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { ClauseChip, Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea, useMe } from '../../shared/session.tsx';
import { TabLine } from '../../shared/tab-line.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count, options } from '../../shared/words.tsx';
import { YearField } from '../../shared/year-field.tsx';
import { dutyColumns } from '../duty-columns.tsx';
import { dutyTabNames, dutyTabs } from '../duty-tabs.ts';
import { monthIn } from '../month-field.tsx';

const columns = Object.values(dutyColumns);

export function Component() {
  const url = useUrl();
  const tab = url.one('tab', dutyTabNames) ?? 'overdue';
  const bearer = url.number('bearer');
  const borneBy = url.number('borneBy');
  const estate = url.number('estate');
  const area = useArea();
  const filter = {
    // The duties of one body or one estate are shown wherever they lie.
    area: bearer || borneBy || estate ? url.text('area') : area,
    year: url.number('year'),
    category: url.text('category'),
    matter: url.text('matter'),
    clause: url.text('clause'),
    effect: url.text('effect'),
    bearer,
    borneBy,
    estate,
    text: url.text('text'),
    month: monthIn(url),
    ...dutyTabs[tab].filter,
  };
  const query = useList(listDuties, filter, url);
  const own = useMe().post.organisationId;
  const bearers = [
    ...(own === null ? [] : [{ value: String(own), label: '本单位' }]),
    ...(bearer === undefined || bearer === own
      ? []
      : [{ value: String(bearer), label: query.data?.rows[0]?.bearerName ?? '一个单位' }]),
  ];
  return (
    <Page
      title="义务清单"
      state={query.data ? `${dutyTabs[tab].label} ${count(query.data.total)} 项` : unanswered(query)}
      actions={<ExportButton of={exportDuties} input={filter} list="义务清单" />}
      definition="应为来自现行政策包，已为来自报备；纳入之前到期的不计。"
    >
      <TabLine
        label="状态"
        name="tab"
        current={tab}
        of={dutyTabNames.map((key) => ({ key, label: dutyTabs[key].label }))}
      />
      <Filters
        url={url}
        names={['text', 'year', 'category', 'effect', 'bearer', 'borneBy', 'estate', 'matter', 'clause', 'month']}
      >
        <SearchField url={url} name="text" label="事项、对象或责任单位" />
        <YearField url={url} any />
        <ChoiceField url={url} name="category" label="分类" choices={options(groups)} />
        <ChoiceField url={url} name="effect" label="效力" choices={options(effects)} />
        <ChoiceField url={url} name="bearer" label="谁办" choices={bearers} />
        <Narrowed url={url} />
      </Filters>
      <ListLedger
        label="义务清单"
        query={query}
        columns={columns}
        keyOf={(one) => one.id}
        overdue={(one) => one.standing === 'overdue'}
        url={url}
        empty={tab === 'overdue' ? '没有超期的义务。' : '没有符合条件的义务。'}
        emptyAction={
          tab !== 'all' && (
            <Go to="/duties" query={{ tab: 'all', bearer, borneBy, estate }}>
              看全部义务
            </Go>
          )
        }
      />
    </Page>
  );
}

/** Filters that came with a link, said in words. */
function Narrowed({ url }: { url: ReturnType<typeof useUrl> }) {
  const clause = url.text('clause');
  return (
    <span className="narrowed">
      {clause && (
        <>
          条款 <ClauseChip id={clause} />
        </>
      )}
      {url.text('borneBy') && '只看一个单位承担的　'}
      {url.text('estate') && <Go to={`/estates/${url.text('estate')}`}>只看一个小区</Go>}
      {url.text('matter') && '只看一个事项　'}
      {monthIn(url) && `只看 ${labelOfPeriod(monthIn(url)!)} 到期的`}
    </span>
  );
}
