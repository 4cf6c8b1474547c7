import { Button, QRCode } from 'antd';
import { useParams } from 'react-router';
import { readDocument } from '../../../procedures/documents/contract.ts';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { unanswered, useTitle } from '../../shared/page.tsx';
import { useMe } from '../../shared/session.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import '../sheets.css';

/** A public notice for a wall: A4, read from two steps away, the code leads to the sealed copy. */
export function Component() {
  const id = Number(useParams().id);
  const query = useAsk(readDocument, { id });
  const { deployment } = useMe();
  useTitle('A4 海报', query.data?.title ?? unanswered(query));
  return (
    <>
      <div className="sheet-actions no-print">
        {query.data?.chat && (
          <Button type="primary" onClick={() => window.print()}>
            打印这张海报
          </Button>
        )}
        <Go to={`/documents/${id}`}>回到文件</Go>
      </div>
      <Shown query={query} what="这份文件">
        {(of) =>
          of.chat === null ? (
            <>
              <h1>{of.title}</h1>
              <Empty>
                {of.standing === 'withdrawn'
                  ? '这份文件已经撤回，不能张贴。'
                  : of.isPublic
                    ? '还没有盖章件，不能张贴。'
                    : '这份文件不公开，不能张贴。'}
              </Empty>
            </>
          ) : (
            <article className="paper" aria-label="海报">
              <header>
                <h1>{of.title}</h1>
                {of.addressee && <p>{of.addressee}：</p>}
              </header>
              <div className="paper-body">
                {of.passages.map(({ text, as }, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the passages of a document do not move
                  <p key={at} className={as ? 'document-heading' : undefined}>
                    {text}
                  </p>
                ))}
              </div>
              <p className="paper-issuer">
                {of.organisationName}
                <br />
                {of.issuedOn}
              </p>
              <footer className="paper-foot">
                <QRCode
                  className="paper-code"
                  type="svg"
                  value={of.url}
                  size={112}
                  bordered={false}
                  aria-label="二维码，查看盖章件"
                />
                <p>
                  {of.documentNumber}
                  <br />
                  扫码看盖章件，或打开 {of.url}
                  <br />
                  核验码 <b>{of.code}</b>
                  {deployment.mode === 'demo' && '　演示数据'}
                </p>
              </footer>
            </article>
          )
        }
      </Shown>
    </>
  );
}
