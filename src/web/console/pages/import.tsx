import { Alert } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import { batchStates, origins, showImport } from '../../../registers/rosters/contract.ts';
import { Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { moment } from '../../shared/words.tsx';
import { CheckStep } from '../import-check.tsx';
import { MapStep } from '../import-map.tsx';
import { CancelImport, Working } from '../import-progress.tsx';
import { ResultStep } from '../import-result.tsx';
import { ImportSteps } from '../import-steps.tsx';
import { BatchState } from './imports.tsx';

const working = ['reading', 'checking', 'committing', 'undoing'];

/** One import from the uploaded file to the written roster; where it stands is the server's, so the page may be left at any time. */
export function Component() {
  const id = Number(useParams().id);
  const url = useUrl();
  const query = useAsk(
    showImport,
    { id, sheet: url.text('sheet'), headerRow: url.number('header') },
    { keep: true, every: (one) => (one && working.includes(one.state) ? 1000 : false) },
  );
  return query.data ? (
    <Batch of={query.data} refresh={() => void query.refetch()} />
  ) : (
    <Page title="名册导入" state={unanswered(query)}>
      <Shown query={query} what="这次导入">
        {() => null}
      </Shown>
    </Page>
  );
}

export type OneImport = OutputOf<typeof showImport>;

function Batch({ of, refresh }: { of: OneImport; refresh: () => void }) {
  const [remapping, setRemapping] = useState(false);
  const mapping = of.state === 'read' || (of.state === 'checked' && remapping);
  const at =
    of.state === 'reading' || of.state === 'cancelled'
      ? 1
      : mapping || of.state === 'failed'
        ? 2
        : of.state === 'checking' || of.state === 'checked'
          ? 3
          : 4;
  return (
    <Page
      title={`导入${of.kindLabel}`}
      state={batchStates[of.state]}
      mark={<BatchState of={of} />}
      lead={
        <>
          {of.fileName}（{origins[of.origin]}）　{of.organisationName} {of.personName}　{moment(of.createdAt)}
        </>
      }
      actions={
        <>
          <CancelImport of={of} />
          <Go to="/imports">导入记录</Go>
        </>
      }
    >
      <ImportSteps at={at} />
      {of.notes.length > 0 && (
        <Alert type="info" className="refusals" title={of.notes.map((note) => <div key={note}>{note}</div>)} />
      )}
      {of.problem && (
        <Alert
          type="error"
          role="alert"
          className="refusals"
          title={of.problem}
          action={
            <Go to="/imports/new" query={{ kind: of.kind }}>
              重新上传
            </Go>
          }
        />
      )}
      {working.includes(of.state) && <Working of={of} />}
      {mapping && (
        <MapStep
          key={`${of.sheet}:${of.headerRow}`}
          of={of}
          onDone={() => {
            setRemapping(false);
            refresh();
          }}
        />
      )}
      {of.state === 'checked' && !remapping && <CheckStep of={of} onRemap={() => setRemapping(true)} />}
      {of.state === 'cancelled' && (
        <p role="status">
          已取消，什么也没有写入。
          <Go to="/imports/new" query={{ kind: of.kind }}>
            重新上传
          </Go>
        </p>
      )}
      {(of.state === 'committed' || of.state === 'undone') && <ResultStep of={of} />}
    </Page>
  );
}
