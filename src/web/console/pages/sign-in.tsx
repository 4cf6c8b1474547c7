import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useNavigate, useSearchParams } from 'react-router';
import { deploymentContract } from '../../../platform/contract.ts';
import { showMe, signInHere } from '../../../registers/people/contract.ts';
import { DemoBand } from '../../shared/demo-band.tsx';
import { Refusals } from '../../shared/feedback.tsx';
import { useTitle } from '../../shared/page.tsx';
import { useAct, useAsk } from '../../shared/use-ask.ts';

export function Component() {
  useTitle('登录');
  const demo = useAsk(deploymentContract, {}).data?.demo === true;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const act = useAct(signInHere);
  const signIn = async (input: { name: string; password: string }) => {
    const me = await act.mutateAsync({ input });
    client.clear();
    client.setQueryData([showMe.path, {}], me);
    const back = parameters.get('back') ?? '/';
    void navigate(back.startsWith('/') && !back.startsWith('//') ? back : '/', { replace: true });
  };
  return (
    <>
      {demo && (
        <header>
          <DemoBand />
        </header>
      )}
      <main className="door">
        <h1>共治</h1>
        <p className="motto">应为 − 已为 = 待办</p>
        <p className="note">党建引领物业治理：法律和政策要求了什么，办了什么，还欠什么。</p>
        <Form layout="vertical" requiredMark={false} onFinish={(input) => void signIn(input).catch(() => {})}>
          <Form.Item name="name" label="账号" rules={[{ required: true, message: '请填写账号' }]}>
            <Input autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item name="password" label="密码" rules={[{ required: true, message: '请填写密码' }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Refusals error={act.error} />
          <Button type="primary" htmlType="submit" block loading={act.isPending}>
            登录
          </Button>
        </Form>
        {demo && <p className="note">演示账号与密码印在启动程序的窗口里，每个角色一个。</p>}
        {!demo && <p className="note">没有账号或忘记密码，请联系本单位的管理员。</p>}
      </main>
    </>
  );
}
