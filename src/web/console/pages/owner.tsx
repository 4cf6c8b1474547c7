import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { askPhoneCode, showActivation, signInByPhone } from '../../../registers/activations/contract.ts';
import { Refusals } from '../../shared/feedback.tsx';
import { useTitle } from '../../shared/page.tsx';
import { useAct, useAsk } from '../../shared/use-ask.ts';
import { Door } from '../door.tsx';

/** The ways an owner comes in: a code to the telephone, a letter, the community. */
export function Component() {
  useTitle('业主登录');
  const ways = useAsk(showActivation, {});
  return (
    <Door large>
      <h2>业主登录</h2>
      {ways.data?.phone && <ByPhone />}
      <ul className="ways">
        <li>
          <Link to="/activate">收到激活信，第一次登录</Link>
        </li>
        <li>
          <Link to="/sign-in">有账号和密码</Link>
        </li>
      </ul>
      <p>都没有：请带身份证件到社区服务台，当面开通。</p>
    </Door>
  );
}

function ByPhone() {
  const ask = useAct(askPhoneCode);
  const give = useAct(signInByPhone);
  const [phone, setPhone] = useState<string>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const enter = () => {
    client.clear();
    void navigate('/', { replace: true });
  };
  if (phone === undefined)
    return (
      <Form
        layout="vertical"
        size="large"
        requiredMark={false}
        onFinish={(fields: { phone: string }) =>
          void ask.mutateAsync({ input: fields }).then(
            () => setPhone(fields.phone),
            () => {},
          )
        }
      >
        <Form.Item name="phone" label="手机号" rules={[{ required: true, message: '请填写手机号' }]}>
          <Input type="tel" inputMode="numeric" autoComplete="tel-national" maxLength={20} />
        </Form.Item>
        <Refusals error={ask.error} />
        <Button type="primary" htmlType="submit" block loading={ask.isPending}>
          获取验证码
        </Button>
      </Form>
    );
  return (
    <Form
      layout="vertical"
      size="large"
      requiredMark={false}
      onFinish={({ code }: { code: string }) => void give.mutateAsync({ input: { phone, code } }).then(enter, () => {})}
    >
      <p role="status">如果这个手机号登记在册，验证码已经发出，{ask.data?.minutes ?? 5} 分钟内有效。</p>
      <Form.Item name="code" label="短信里的六位数字" rules={[{ required: true, message: '请填写验证码' }]}>
        <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} className="code-field" autoFocus />
      </Form.Item>
      <Refusals error={give.error} />
      <Button type="primary" htmlType="submit" block loading={give.isPending}>
        登录
      </Button>
      <p className="other-account">
        <Button type="link" onClick={() => setPhone(undefined)}>
          没有收到，重新获取
        </Button>
      </p>
    </Form>
  );
}
