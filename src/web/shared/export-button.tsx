import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import type { Contract, InputOf } from '../../kernel/contract.ts';
import { download, type Refused } from './ask.ts';
import { Refusals } from './feedback.tsx';
import { useMay } from './session.tsx';

/** Downloads what the list shows, with the same filter. Shown to those who may. */
export function ExportButton<C extends Contract>({
  of,
  input,
  children = '导出',
}: {
  of: C;
  input: InputOf<C>;
  children?: string;
}) {
  const may = useMay();
  const act = useMutation<void, Refused>({ mutationFn: () => download(of, input) });
  if (!may(of)) return null;
  return (
    <>
      <Button onClick={() => act.mutate()} loading={act.isPending}>
        {children}
      </Button>
      <Refusals error={act.error} />
    </>
  );
}
