/** What one sets for a list and finds again: columns, their order, closeness of the rows, and filters kept under a name. */
import { Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';
import {
  dropListView,
  keepListView,
  type ListLayout,
  type ListView,
  layOutList,
  readMyLists,
} from '../../registers/lists/contract.ts';
import { Refusals } from './feedback.tsx';
import { Drawer } from './layers.tsx';
import { arranged, filtersOf, moved } from './list-layout.ts';
import { useMay } from './session.tsx';
import { useAct, useAsk } from './use-ask.ts';

export function useMyList(list: string): { layout: ListLayout; views: ListView[] } {
  const { data } = useAsk(readMyLists, {}, { enabled: useMay()(readMyLists) });
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
interface ToolsProps {
  columns: readonly Titled[];
  layout: ListLayout;
  views: readonly ListView[];
}

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
        <LayoutForm {...props} onDone={() => setOpen(false)} />
        <Views {...props} />
      </Drawer>
    </>
  );
}

function LayoutForm({ columns, layout, onDone }: ToolsProps & { onDone: () => void }) {
  const [wanted, setWanted] = useState(() => arranged(columns, layout.columns));
  const [dense, setDense] = useState(layout.dense);
  const act = useAct(layOutList);
  const keep = (kept: ListLayout['columns'], close: boolean) =>
    act.mutateAsync({ input: { list: layout.list, columns: kept, dense: close } }).then(onDone, () => {});
  return (
    <section aria-label="列">
      <h3>显示哪些列</h3>
      <ul className="rows column-rows">
        {wanted.map(({ column, shown }, place) => (
          <li key={column.title}>
            <Checkbox
              className="grow"
              checked={shown}
              disabled={column.name === true}
              onChange={() => setWanted(wanted.map((one, at) => (at === place ? { ...one, shown: !one.shown } : one)))}
            >
              {column.title}
            </Checkbox>
            <Button
              size="small"
              aria-label={`${column.title}上移`}
              disabled={place === 0}
              onClick={() => setWanted(moved(wanted, place, -1))}
            >
              ↑
            </Button>
            <Button
              size="small"
              aria-label={`${column.title}下移`}
              disabled={place === wanted.length - 1}
              onClick={() => setWanted(moved(wanted, place, 1))}
            >
              ↓
            </Button>
          </li>
        ))}
      </ul>
      <Checkbox checked={dense} onChange={() => setDense(!dense)}>
        行距紧凑，一屏多看几行
      </Checkbox>
      <p className="wizard-actions">
        <Button
          type="primary"
          loading={act.isPending}
          onClick={() =>
            void keep(
              wanted.map(({ column, shown }) => ({ title: column.title, shown })),
              dense,
            )
          }
        >
          保存
        </Button>
        <Button onClick={() => void keep([], false)}>恢复原样</Button>
      </p>
      <Refusals error={act.error} />
    </section>
  );
}

function Views({ layout, views }: ToolsProps) {
  const query = filtersOf(useLocation().search);
  const keep = useAct(keepListView);
  const drop = useAct(dropListView);
  const [form] = Form.useForm<{ name: string }>();
  return (
    <section aria-label="视图" className="section">
      <h3>常用的筛选，存成视图</h3>
      {query === '' ? (
        <p className="note">先在清单上方选好条件，再来这里起个名字存下，下次一点就到。</p>
      ) : (
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          onFinish={({ name }) =>
            void keep.mutateAsync({ input: { list: layout.list, name, query } }).then(
              () => form.resetFields(),
              () => {},
            )
          }
        >
          <Form.Item
            name="name"
            label="给现在的筛选起个名字"
            rules={[{ required: true, whitespace: true, message: '请给视图起个名字' }]}
          >
            <Input maxLength={20} autoComplete="off" placeholder="如 无物业的老旧小区" />
          </Form.Item>
          <Button htmlType="submit" loading={keep.isPending}>
            存为视图
          </Button>
        </Form>
      )}
      <ul className="rows">
        {views.map((one) => (
          <li key={one.id}>
            <span className="grow">{one.name}</span>
            <Button
              size="small"
              aria-label={`删除视图${one.name}`}
              loading={drop.isPending && drop.variables?.input.id === one.id}
              onClick={() => drop.mutate({ input: { id: one.id } })}
            >
              删除
            </Button>
          </li>
        ))}
      </ul>
      <p className="note">只有您自己看得见。要给同事看，把地址栏里的地址发给他。</p>
      <Refusals error={keep.error ?? drop.error} />
    </section>
  );
}
