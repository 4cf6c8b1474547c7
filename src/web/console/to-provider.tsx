import { Button } from 'antd';
import { leaveForProvider } from '../../registers/accounts/contract.ts';
import { Refusals } from '../shared/feedback.tsx';
import { useAct } from '../shared/use-ask.ts';

/** The way to the identity provider: this page is left for its. */
export function ToProvider({ label, bind = false }: { label: string; bind?: boolean }) {
  const act = useAct(leaveForProvider);
  const leave = () =>
    act.mutateAsync({ input: { bind } }).then(
      ({ url }) => window.location.assign(url),
      () => {},
    );
  return (
    <>
      <Button block={!bind} loading={act.isPending || act.isSuccess} onClick={() => void leave()}>
        {label}
      </Button>
      <Refusals error={act.error} />
    </>
  );
}
