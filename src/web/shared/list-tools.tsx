/** What one sets for a list and finds again: columns, their order, closeness of the rows, and filters kept under a name. */
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { type ListLayout, type ListView, layOutList, readMyLists } from '../../registers/lists/contract.ts';
import { Drawer } from './layers.tsx';
import { filtersOf } from './list-layout.ts';
import { useMay } from './session.tsx';
import { useAsk } from './use-ask.ts';

export function useMyList(list: string): { layout: ListLayout; views: ListView[] } {
  const { data } = useAsk(readMyLists, {}, { enabled: useMay()(readMyLists) && list !== '' });
  return {
    layout: data?.layouts.find((one) => one.list === list) ?? { list, columns: [], dense: false },
    views: data?.views.filter((one) => one.list === list) ?? [],
  };
}

/** The views of one list, as links: the address is the view, and may be sent to a colleague. */
export function ViewLine({ views }: { views: readonly ListView[] }) {
  const { pathname, search } = useLocation();
  const now = filtersOf(search);
  if (views.length === 0) return null;
  return (
    <nav className="tab-line no-print" aria-label="我的视图">
      <ul>
        {views.map((one) => (
          <li key={one.id}>
            <Link to={`${pathname}?${one.query}`} replace aria-current={one.query === now ? 'page' : undefined}>
              {one.name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface Titled {
  title: string;
  name?: boolean;
}
export interface ToolsProps {
  columns: readonly Titled[];
  layout: ListLayout;
  views: readonly ListView[];
}

/** Fetched when it is first opened. */
const ListSettings = lazy(() => import('./list-settings.tsx'));

export function ListTools(props: ToolsProps) {
  const [open, setOpen] = useState(false);
  const may = useMay();
  if (!may(layOutList)) return null;
  return (
    <>
      <Button size="small" className="no-print" onClick={() => setOpen(true)}>
        列和视图
      </Button>
      <Drawer
        title={`${props.layout.list}：列和视图`}
        size={360}
        open={open}
        onClose={() => setOpen(false)}
        destroyOnHidden
      >
        <Suspense fallback={null}>
          <ListSettings {...props} onDone={() => setOpen(false)} />
        </Suspense>
      </Drawer>
    </>
  );
}
