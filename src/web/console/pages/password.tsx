import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { changePassword } from '../../../registers/people/contract.ts';
import { Refusals } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Page } from '../../shared/page.tsx';
import { useMe } from '../../shared/session.tsx';
import { useAct } from '../../shared/use-ask.ts';
import { NewPasswordFields } from '../new-password.tsx';

interface Entered {
  current: string;
  next: string;
  again: string;
}

/** One's own password: the present one, and twice the new one. */
export function Component() {
  const { name } = useMe();
  const act = useAct(changePassword);
  const [form] = Form.useForm<Entered>();
  const [done, setDone] = useState(false);
  const change = async ({ current, next }: Entered) => {
    setDone(false);
    await act.mutateAsync({ input: { current, next } });
    form.resetFields();
    setDone(true);
  };
  return (
    <Page
      title="修改密码"
      state={done ? '已修改' : '填写'}
      lead={`${name}的登录密码。修改后，在别处登录的同一账号会退出，这里不受影响。`}
      printable={false}
    >
      <Form
        form={form}
        layout="vertical"
        className="record-form"
        requiredMark={false}
        onFinish={(entered) => void change(entered as Entered).catch(() => {})}
      >
        <Form.Item name="current" label="现在的密码" rules={[{ required: true, message: '请填写现在的密码' }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <NewPasswordFields />
        <Refusals error={act.error} />
        {done && (
          <p role="status">
            密码已修改，下次登录请用新密码。<Go to="/">回到工作台</Go>
          </p>
        )}
        <Button type="primary" htmlType="submit" loading={act.isPending}>
          修改密码
        </Button>
      </Form>
    </Page>
  );
}
