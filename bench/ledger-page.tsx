// The page of benchLedger: a ledger and a plain table of antd, both with the same rows and columns, that change their page when asked to.

import '../src/web/shared/style.css';
import { ConfigProvider, Table } from 'antd';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { Ledger } from '../src/web/shared/ledger.tsx';
import { theme } from '../src/web/shared/theme.ts';

const [ROWS, COLUMNS] = [50, 20];

type Row = { key: string } & Record<string, string>;

const titles = Array.from({ length: COLUMNS }, (_, at) => `第${at + 1}列`);
const rowsOf = (page: number): Row[] =>
  Array.from({ length: ROWS }, (_, at) => ({
    ...Object.fromEntries(titles.map((title, column) => [title, `${page}页${at}行${column}列`])),
    key: `${page}-${at}`,
  }));

const ledgerColumns = titles.map((title, at) => ({
  title,
  name: at === 0,
  number: at % 4 === 3,
  show: (row: Row) => row[title],
}));
const plainColumns = titles.map((title) => ({ title, dataIndex: title }));

let turn = (_page: number) => {};

function Turning({ way }: { way: 'ledger' | 'plain' }) {
  const [page, setPage] = useState(1);
  turn = setPage;
  const rows = rowsOf(page);
  return way === 'ledger' ? (
    <Ledger label="量测" rows={rows} columns={ledgerColumns} keyOf={(row) => row.key} />
  ) : (
    <Table rowKey="key" dataSource={rows} columns={plainColumns} pagination={false} />
  );
}

declare global {
  interface Window {
    /** Milliseconds of each of so many page changes, laid out, in one way of drawing. */
    turnPages(way: 'ledger' | 'plain', times: number): number[];
  }
}

window.turnPages = (way, times) => {
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  const router = createMemoryRouter([
    {
      path: '/',
      element: (
        <ConfigProvider theme={theme}>
          <Turning way={way} />
        </ConfigProvider>
      ),
    },
  ]);
  flushSync(() => root.render(<RouterProvider router={router} />));
  const taken: number[] = [];
  for (let page = 2; page < times + 2; page += 1) {
    const startedAt = performance.now();
    flushSync(() => turn(page));
    // Asking for a height makes the browser lay the page out.
    if (document.body.offsetHeight === 0 || !place.textContent?.includes(`${page}页${ROWS - 1}行${COLUMNS - 1}列`))
      throw new Error('the page was not changed');
    taken.push(performance.now() - startedAt);
  }
  root.unmount();
  place.remove();
  return taken;
};
