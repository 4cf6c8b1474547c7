/** Loading, empty, refused: each one sentence and, where there is one, one action. */
import type { UseQueryResult } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { Refused } from './ask.ts';
import { ClauseChips } from './go.tsx';

export function Loading({ what = '' }: { what?: string }) {
  return (
    <p className="loading" role="status">
      正在载入{what}…
    </p>
  );
}

/** All the reasons at once, each with its clause. */
export function Refusals({ error, retry }: { error: Error | null | undefined; retry?: () => void }) {
  if (!error) return null;
  const refusals = error instanceof Refused ? error.refusals : [{ reason: '页面出错了，请重新载入。' }];
  return (
    <Alert
      type="error"
      role="alert"
      className="refusals"
      title={
        <ul>
          {refusals.map((one) => (
            <li key={`${one.field ?? ''}${one.reason}`}>
              {one.reason}{' '}
              {one.clause &&
                ('clauses' in one.clause ? (
                  <ClauseChips ids={one.clause.clauses} />
                ) : (
                  `（${one.clause.text}${one.clause.article}）`
                ))}
            </li>
          ))}
        </ul>
      }
      action={retry && <Button onClick={retry}>重新载入</Button>}
    />
  );
}

export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <p>{children}</p>
      {action}
    </div>
  );
}

/** The answer of a question, or what stands in its place while there is none. */
export function Shown<T>({
  query,
  what,
  children,
}: {
  query: UseQueryResult<T, Refused>;
  what?: string;
  children: (answer: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error)
    return (
      <Refusals
        error={query.error}
        {...(query.error.status !== 404 && query.error.status !== 403 && { retry: () => void query.refetch() })}
      />
    );
  return <Loading {...(what && { what })} />;
}
