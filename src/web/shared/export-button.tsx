import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { type Contract, type InputOf, joinTitles } from '../../kernel/contract.ts';
import { askExport } from '../../registers/exports/contract.ts';
import { ask, download, Refused } from './ask.ts';
import { Refusals } from './feedback.tsx';
import { Go } from './go.tsx';
import { useMyList } from './list-tools.tsx';
import { useMay } from './session.tsx';

/** Downloads what the list shows, with the same filter and columns; what is too long to wait for goes to the export centre. Shown to those who may. */
export function ExportButton<C extends Contract>({
  of,
  input,
  list = '',
  children = '导出',
}: {
  of: C;
  input: InputOf<C>;
  /** The list it is the export of, by its label: its reader's columns are the workbook's, or all there are. */
  list?: string;
  children?: string;
}) {
  const may = useMay();
  const { columns } = useMyList(list).layout;
  const act = useMutation<'here' | 'later', Refused, InputOf<C>>({ mutationFn: (given) => downloadOrAsk(of, given) });
  if (!may(of)) return null;
  const shown = joinTitles(columns.flatMap((one) => (one.shown ? [one.title] : [])));
  const laidOut = { ...(input as object), columns: shown } as InputOf<C>;
  return (
    <>
      <Button onClick={() => act.mutate(columns.length > 0 ? laidOut : input)} loading={act.isPending}>
        {children}
      </Button>
      {columns.length > 0 && (
        <Button onClick={() => act.mutate(input)} disabled={act.isPending}>
          导出全部列
        </Button>
      )}
      {act.data === 'later' && (
        <Alert
          type="info"
          role="status"
          className="refusals"
          title={
            <>
              内容较多，已交后台去写，不必等在这里。写好后到<Go to="/exports">导出中心</Go>领取。
            </>
          }
        />
      )}
      <Refusals error={act.error} />
    </>
  );
}

async function downloadOrAsk<C extends Contract>(of: C, input: InputOf<C>): Promise<'here' | 'later'> {
  try {
    await download(of, input);
    return 'here';
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 413) throw error;
    // What is not given is not said: the server reads the fields strictly.
    await ask(askExport, { path: of.path, input: JSON.parse(JSON.stringify(input)) });
    return 'later';
  }
}
