import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useNavigate, useParams } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import {
  copyStandings,
  documentKinds,
  readPublicCopy,
  verifyDocument,
} from '../../../procedures/documents/contract.ts';
import { download, type Refused } from '../../shared/ask.ts';
import { Refusals, Shown } from '../../shared/feedback.tsx';
import { Facts, useTitle } from '../../shared/page.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { Door } from '../door.tsx';
import '../sheets.css';

/** Where the code on a paper leads, without signing in: is it real, does it still hold, what does the sealed copy say. */
export function Component() {
  const code = useParams().code ?? '';
  const query = useAsk(verifyDocument, { code }, { enabled: code !== '' });
  useTitle('核验文件', query.data ? (query.data.standing === 'valid' ? '有效' : '已撤回') : undefined);
  return (
    <Door large wide>
      <h2>核验文件</h2>
      {code !== '' && (
        <Shown query={query} what="文件">
          {(of) => <Paper of={of} />}
        </Shown>
      )}
      <Another />
    </Door>
  );
}

type Of = OutputOf<typeof verifyDocument>;

function Paper({ of }: { of: Of }) {
  const file = useMutation<void, Refused>({ mutationFn: () => download(readPublicCopy, { code: of.code }) });
  const [newest] = of.copies;
  const earlier = of.copies.filter((one) => one.standing === 'superseded');
  return (
    <article aria-label="核验结果">
      <p className={`verdict verdict-${of.standing}`} role="status">
        {of.standing === 'valid' ? '有效' : '已撤回，不再有效'}
      </p>
      {of.withdrawn && (
        <p>
          {of.withdrawn.on} 撤回：{of.withdrawn.reason}
        </p>
      )}
      <p className="verify-title">{of.title}</p>
      <Facts
        of={{
          发文单位: of.issuer,
          种类: documentKinds[of.kind],
          发文字号: newest?.documentNumber ?? '--',
          成文日期: newest?.issuedOn ?? '--',
          核验码: of.code,
        }}
      />
      {of.standing === 'valid' &&
        (of.isPublic ? (
          <p>
            <Button type="primary" size="large" loading={file.isPending} onClick={() => file.mutate()}>
              打开盖章件
            </Button>
          </p>
        ) : (
          <p>这份文件不公开，这里只说明真伪。要看内容，请问发文单位。</p>
        ))}
      <Refusals error={file.error} />
      <details className="whole">
        <summary>核对文件摘要</summary>
        <ul className="demands">
          {of.copies.map((one) => (
            <li key={one.place}>
              第 {one.place} 份　{copyStandings[one.standing]}　{one.documentNumber}　{one.issuedOn}
              <br />
              <span className="digest">SHA-256 {one.digest}</span>
            </li>
          ))}
        </ul>
      </details>
      {earlier.length > 0 && <p className="note">先前的 {earlier.length} 份盖章件已被替代，请以现在这一份为准。</p>}
    </article>
  );
}

function Another() {
  const go = useNavigate();
  return (
    <Form
      layout="vertical"
      size="large"
      requiredMark={false}
      onFinish={({ code }: { code: string }) => go(`/v/${encodeURIComponent(code.replace(/[\s-]/g, ''))}`)}
    >
      <Form.Item
        name="code"
        label="纸上的核验码"
        rules={[{ required: true, whitespace: true, message: '请填写核验码' }]}
      >
        <Input autoComplete="off" autoCapitalize="characters" spellCheck={false} maxLength={20} />
      </Form.Item>
      <Button htmlType="submit">查一查</Button>
    </Form>
  );
}
