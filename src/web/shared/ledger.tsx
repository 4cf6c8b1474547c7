/** A list as a ledger: hairlines, numbers to the right, the filter and the page in the address; stacked rows on a phone; each as its reader laid it out. */
import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Input, Pagination, Select, Table, type TableProps } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import type { Contract, InputOf, OutputOf } from '../../kernel/contract.ts';
import type { Refused } from './ask.ts';
import { Empty, Loading, Refusals } from './feedback.tsx';
import { arranged } from './list-layout.ts';
import { ListTools, useMyList, ViewLine } from './list-tools.tsx';
import { useAsk } from './use-ask.ts';
import { type Url, useUrl } from './use-url.ts';
import { count } from './words.tsx';

export interface Column<Row> {
  title: string;
  show: (row: Row, place: number) => ReactNode;
  number?: boolean;
  /** The name under which the server sorts by this column. */
  sort?: string;
  width?: number | string;
  /** The one column that names the row: the heading of a stacked row. */
  name?: boolean;
  /** A column of acts is not printed. */
  screenOnly?: boolean;
}

interface LedgerProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string | number;
  busy?: boolean;
  overdue?: (row: Row) => boolean;
  url?: Url;
  dense?: boolean;
}

export function Ledger<Row extends object>({
  label,
  rows,
  columns,
  keyOf,
  busy = false,
  overdue,
  url,
  dense = false,
}: LedgerProps<Row>) {
  const sorted = url?.text('sort');
  const order = url?.text('order') === 'desc' ? 'descend' : 'ascend';
  const onChange: TableProps<Row>['onChange'] = (_page, _filters, sorter) => {
    const one = Array.isArray(sorter) ? sorter[0] : sorter;
    url?.change({
      sort: one?.order ? String(one.columnKey) : undefined,
      order: one?.order === 'descend' ? 'desc' : undefined,
    });
  };
  return (
    <Table<Row>
      className="ledger"
      aria-label={label}
      aria-busy={busy}
      size={dense ? 'small' : 'middle'}
      rowKey={keyOf}
      dataSource={rows as Row[]}
      pagination={false}
      // A row may have a field named `children`; ledgers are no trees.
      expandable={{ childrenColumnName: 'no such field' }}
      onChange={onChange}
      rowClassName={(row) => (overdue?.(row) ? 'row-overdue' : '')}
      columns={columns.map((one) => ({
        key: one.sort ?? one.title,
        title: one.title,
        ...(one.number && { align: 'right' as const }),
        ...(one.width && { width: one.width }),
        ...(one.sort &&
          url && {
            sorter: true,
            sortOrder: sorted === one.sort ? (order as 'ascend' | 'descend') : null,
            showSorterTooltip: false,
          }),
        ...(one.screenOnly && { className: 'no-print' }),
        onCell: () =>
          ({
            'data-title': one.title,
            className: [one.number && 'number', one.name && 'cell-name', one.screenOnly && 'no-print']
              .filter(Boolean)
              .join(' '),
          }) as object,
        render: (_: unknown, row: Row, place: number) => <div className="cell">{one.show(row, place)}</div>,
      }))}
    />
  );
}

interface Listed<Row> {
  rows: Row[];
  offset: number;
  limit: number;
  total: number;
}

const sizes = [20, 50, 100];

/** Asks for one page of a list: filter from the caller, page and its size from the address. */
export function useList<C extends Contract>(of: C, filter: Omit<InputOf<C>, 'offset' | 'limit'>, url: Url) {
  const limit = sizes.find((size) => size === url.number('size')) ?? 50;
  const offset = ((url.number('page') ?? 1) - 1) * limit;
  return useAsk(of, { ...filter, limit, offset } as InputOf<C>, { keep: true }) as UseQueryResult<OutputOf<C>, Refused>;
}

/** A ledger with the pages of its list; says how many there are, and what to do when there are none. */
export function ListLedger<Row extends object>({
  query,
  empty,
  emptyAction,
  unit = '项',
  ...ledger
}: Omit<LedgerProps<Row>, 'rows' | 'busy'> & {
  query: UseQueryResult<Listed<Row>, Refused>;
  empty: string;
  emptyAction?: ReactNode;
  unit?: string;
}) {
  const here = useUrl();
  const url = ledger.url ?? here;
  const { layout, views } = useMyList(ledger.label);
  if (query.error && !query.data) return <Refusals error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Loading what={ledger.label} />;
  const { rows, total, limit, offset } = query.data;
  return (
    <>
      <ViewLine views={views} />
      <div className="list-head">
        <p className="total" role="status">
          共 {count(total)} {unit}
          {total > limit && (
            <span className="print-only">{`，以下是第 ${offset + 1} 至 ${offset + rows.length} ${unit}`}</span>
          )}
          {query.isFetching && '，正在更新…'}
        </p>
        <ListTools columns={ledger.columns} layout={layout} views={views} />
      </div>
      {total === 0 ? (
        <Empty action={emptyAction}>{empty}</Empty>
      ) : (
        <Ledger
          {...ledger}
          columns={arranged(ledger.columns, layout.columns).flatMap(({ column, shown }) => (shown ? [column] : []))}
          dense={layout.dense}
          url={url}
          rows={rows}
          busy={query.isFetching}
        />
      )}
      {total > sizes[0]! && (
        <Pagination
          className="pages no-print"
          current={offset / limit + 1}
          pageSize={limit}
          total={total}
          pageSizeOptions={sizes}
          showSizeChanger={{ 'aria-label': '每页行数' }}
          responsive
          onChange={(page, size) =>
            url.change(
              { page: size === limit && page > 1 ? page : undefined, size: size === 50 ? undefined : size },
              { keepPage: true },
            )
          }
        />
      )}
    </>
  );
}

/** The filter line above a list; on paper, what it says in words. */
export function Filters({ url, names, children }: { url: Url; names: readonly string[]; children: ReactNode }) {
  const some = names.some((name) => url.text(name) !== undefined);
  return (
    <search>
      <form className="filters" onSubmit={(event) => event.preventDefault()}>
        {some && <span className="print-only">筛选：</span>}
        {children}
        {some && (
          <Button onClick={() => url.change(Object.fromEntries(names.map((name) => [name, undefined])))}>重置</Button>
        )}
      </form>
    </search>
  );
}

/** Searches on Enter and on leaving the field. */
export function SearchField({ url, name = 'search', label }: { url: Url; name?: string; label: string }) {
  const given = url.text(name) ?? '';
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  const search = () => text.trim() !== given && url.change({ [name]: text.trim() });
  return (
    <>
      <Input
        className="search-field"
        aria-label={label}
        placeholder={label}
        allowClear
        value={text}
        onChange={(event) =>
          event.target.value === '' && given !== '' ? url.change({ [name]: undefined }) : setText(event.target.value)
        }
        onPressEnter={search}
        onBlur={search}
      />
      {given !== '' && <span className="print-only">{`${label}含“${given}”`}</span>}
    </>
  );
}

export function ChoiceField({
  url,
  name,
  label,
  choices,
}: {
  url: Url;
  name: string;
  label: string;
  choices: readonly { value: string; label: string }[];
}) {
  const chosen = choices.find((one) => one.value === url.text(name))?.label;
  return (
    <>
      <Select
        className="choice-field"
        aria-label={label}
        placeholder={label}
        allowClear
        showSearch={choices.length > 8 ? { optionFilterProp: 'label' } : false}
        popupMatchSelectWidth={false}
        value={url.text(name) ?? null}
        onChange={(value) => url.change({ [name]: value ?? undefined })}
        options={[...choices]}
      />
      {chosen && <span className="print-only">{chosen.includes('：') ? chosen : `${label}：${chosen}`}</span>}
    </>
  );
}
