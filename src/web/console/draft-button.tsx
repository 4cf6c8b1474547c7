/** Drafts an official letter where its data are, and goes on to the draft. */
import { Button } from 'antd';
import { useNavigate } from 'react-router';
import type { Contract, InputOf } from '../../kernel/contract.ts';
import { Refusals } from '../shared/feedback.tsx';
import { useAddress, useMay } from '../shared/session.tsx';
import { useAct } from '../shared/use-ask.ts';

export function DraftButton<C extends Contract>({
  of,
  input,
  children,
}: {
  of: C;
  input: InputOf<C>;
  children: string;
}) {
  const act = useAct(of);
  const may = useMay();
  const go = useNavigate();
  const address = useAddress();
  if (!may(of)) return null;
  const draft = () =>
    act.mutateAsync({ input }).then(
      (made) => go(address(`/documents/${(made as { id: number }).id}`)),
      () => {},
    );
  return (
    <>
      <Button onClick={() => void draft()} loading={act.isPending}>
        {children}
      </Button>
      <Refusals error={act.error} />
    </>
  );
}
