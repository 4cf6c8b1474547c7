/** The second step of signing in, and what it is enrolled with; also on the page of one's own security. */
import { Button, Form, Input } from 'antd';
import { useEffect } from 'react';
import { beginAuthenticator, confirmAuthenticator } from '../../registers/accounts/contract.ts';
import { Loading, Refusals } from '../shared/feedback.tsx';
import { QRCode } from '../shared/layers.tsx';
import { useAct } from '../shared/use-ask.ts';

/** Shows a new secret as a QR and takes the first code of it. */
export function EnrolAuthenticator({ onDone }: { onDone: (codes: string[]) => void }) {
  const begin = useAct(beginAuthenticator);
  const confirm = useAct(confirmAuthenticator);
  const { mutate } = begin;
  useEffect(() => mutate({ input: {} }), [mutate]);
  if (!begin.data) return begin.error ? <Refusals error={begin.error} /> : <Loading what="二维码" />;
  return (
    <div className="enrolment">
      <ol className="steps">
        <li>手机上装一个验证器应用（微信小程序“腾讯身份验证器”、Microsoft Authenticator 等都可以）。</li>
        <li>用它扫描二维码，或手工输入密钥。</li>
        <li>填写它显示的六位数字。</li>
      </ol>
      <div className="qr">
        <QRCode type="svg" value={begin.data.uri} size={184} bordered={false} aria-label="动态口令的二维码" />
        <p className="note">
          密钥 <code className="secret">{begin.data.secret.replace(/.{4}(?=.)/g, '$& ')}</code>
        </p>
      </div>
      <CodeForm
        label="应用里现在显示的六位数字"
        act={(code) => confirm.mutateAsync({ input: { code } }).then(({ recoveryCodes }) => onDone(recoveryCodes))}
        okText="启用"
        busy={confirm.isPending}
        error={confirm.error}
      />
    </div>
  );
}

/** One code and one button. */
export function CodeForm({
  label,
  extra,
  act,
  okText,
  busy,
  error,
}: {
  label: string;
  extra?: string;
  act: (code: string) => Promise<unknown>;
  okText: string;
  busy: boolean;
  error: Error | null;
}) {
  return (
    <Form layout="vertical" requiredMark={false} onFinish={({ code }) => void act(code).catch(() => {})}>
      <Form.Item name="code" label={label} extra={extra} rules={[{ required: true, message: '请填写验证码' }]}>
        <Input autoComplete="one-time-code" autoFocus maxLength={40} className="code-field" />
      </Form.Item>
      <Refusals error={error} />
      <Button type="primary" htmlType="submit" block loading={busy}>
        {okText}
      </Button>
    </Form>
  );
}

/** Shown once; only hashes are kept. */
export function RecoveryCodes({ codes, okText, onDone }: { codes: string[]; okText: string; onDone: () => void }) {
  return (
    <div className="recovery" role="status">
      <p>
        <strong>请现在把恢复码抄下来或打印，放在稳妥的地方。</strong>
        手机丢了，用它代替验证码，每个只能用一次。恢复码只显示这一次。
      </p>
      <ul className="recovery-codes">
        {codes.map((one) => (
          <li key={one}>
            <code>{one}</code>
          </li>
        ))}
      </ul>
      <div className="wizard-actions no-print">
        <Button type="primary" onClick={onDone}>
          {okText}
        </Button>
        <Button onClick={() => window.print()}>打印</Button>
      </div>
    </div>
  );
}
