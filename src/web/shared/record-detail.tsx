import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import type { Contract, InputOf, OutputOf } from '../../kernel/contract.ts';
import { Shown } from './feedback.tsx';
import { Page, unanswered } from './page.tsx';
import { useAsk } from './use-ask.ts';

/** The page of one record, by the number in the address: it stands only when the record has come; until then, or if it does not, the page says so. */
export function RecordDetail<C extends Contract>({
  of,
  what,
  children,
}: {
  of: C;
  what: string;
  children: (record: OutputOf<C>) => ReactNode;
}) {
  const id = Number(useParams().id);
  const query = useAsk(of, { id } as InputOf<C>);
  if (query.data !== undefined) return <>{children(query.data)}</>;
  return (
    <Page title={what} state={unanswered(query)} printable={false}>
      <Shown query={query} what={what}>
        {() => null}
      </Shown>
    </Page>
  );
}
