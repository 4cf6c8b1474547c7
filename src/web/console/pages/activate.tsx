import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { activate } from '../../../registers/activations/contract.ts';
import { Refusals } from '../../shared/feedback.tsx';
import { useTitle } from '../../shared/page.tsx';
import { useAct } from '../../shared/use-ask.ts';
import { Door } from '../door.tsx';

interface Entered {
  code: string;
  name: string;
  account: string;
  password: string;
  again: string;
}

/** From the QR of a letter, whose code stands after the # and goes out of the address at once, or typed from the paper. */
export function Component() {
  useTitle('用激活信开通');
  const [scanned] = useState(() => decodeURIComponent(window.location.hash.slice(1)));
  useEffect(() => {
    if (window.location.hash) window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  const act = useAct(activate);
  const client = useQueryClient();
  const navigate = useNavigate();
  const open = async ({ again: _, ...input }: Entered) => {
    await act.mutateAsync({ input });
    client.clear();
    void navigate('/', { replace: true });
  };
  return (
    <Door large>
      <h2>用激活信开通</h2>
      <Form
        layout="vertical"
        size="large"
        requiredMark={false}
        initialValues={{ code: scanned }}
        onFinish={(fields) => void open(fields as Entered).catch(() => {})}
      >
        <Form.Item name="code" label="信上的码" rules={[{ required: true, message: '请填写信上的码' }]}>
          <Input autoComplete="off" autoCapitalize="off" spellCheck={false} maxLength={60} />
        </Form.Item>
        <Form.Item name="name" label="业主姓名" rules={[{ required: true, whitespace: true, message: '请填写姓名' }]}>
          <Input autoComplete="name" maxLength={60} />
        </Form.Item>
        <Form.Item
          name="account"
          label="给自己起个账号"
          extra="以后登录用，如“春江1幢101张家”。"
          rules={[{ required: true, whitespace: true, message: '请填写账号' }]}
        >
          <Input autoComplete="username" maxLength={60} />
        </Form.Item>
        <Form.Item
          name="password"
          label="设一个密码"
          extra="至少 10 个字；一句记得住的话就很好。"
          rules={[{ required: true, message: '请填写密码' }]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="again"
          label="再填一次密码"
          dependencies={['password']}
          rules={[
            { required: true, message: '请再填一次密码' },
            ({ getFieldValue }) => ({
              validator: (_, value: string | undefined) =>
                !value || value === getFieldValue('password')
                  ? Promise.resolve()
                  : Promise.reject(new Error('两次填写的密码不一样')),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Refusals error={act.error} />
        <Button type="primary" htmlType="submit" block loading={act.isPending}>
          开通并登录
        </Button>
      </Form>
      <p>
        信用过、过期或丢了：请到社区服务台，重出一封或当面开通。<Link to="/owner">其他方式</Link>
      </p>
    </Door>
  );
}
