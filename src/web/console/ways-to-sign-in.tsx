/** What an administrator does about somebody's ways of signing in: clears what was lost, binds the identity of the provider. */
import { Button, Form, Input } from 'antd';
import {
  bindIdentityOf,
  clearSecondFactor,
  showSecurity,
  unbindIdentityOf,
} from '../../registers/accounts/contract.ts';
import { Refusals } from '../shared/feedback.tsx';
import { Modal } from '../shared/layers.tsx';
import { useAct, useAsk } from '../shared/use-ask.ts';

export function WaysToSignIn({ of, onClose }: { of: { personId: number; personName: string }; onClose: () => void }) {
  const provider = useAsk(showSecurity, {}).data?.identity?.label;
  const clear = useAct(clearSecondFactor);
  const bind = useAct(bindIdentityOf);
  const unbind = useAct(unbindIdentityOf);
  const id = of.personId;
  return (
    <Modal title={`${of.personName}的登录方式`} open footer={null} onCancel={onClose}>
      <h3>清除二次验证</h3>
      <p className="note">
        手机和恢复码都丢了才需要。请先核实是本人。清除后他在各处的登录都会退出，下次登录时重新启用。
      </p>
      <Form layout="vertical" requiredMark={false} onFinish={({ reason }) => clear.mutate({ input: { id, reason } })}>
        <Form.Item name="reason" label="理由" rules={[{ required: true, whitespace: true, message: '请写明理由' }]}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Refusals error={clear.error} />
        {clear.isSuccess && <p role="status">已清除。</p>}
        <Button htmlType="submit" loading={clear.isPending}>
          清除
        </Button>
      </Form>
      {provider && (
        <>
          <h3>{provider}</h3>
          <Form
            layout="vertical"
            requiredMark={false}
            onFinish={({ subject }) => bind.mutate({ input: { id, subject } })}
          >
            <Form.Item
              name="subject"
              label="他的身份标识（sub）"
              extra={`由${provider}的管理员提供。这里只保存带密钥的摘要。`}
              rules={[{ required: true, whitespace: true, message: '请填写统一身份标识' }]}
            >
              <Input maxLength={255} autoComplete="off" />
            </Form.Item>
            <Refusals error={bind.error ?? unbind.error} />
            {(bind.isSuccess || unbind.isSuccess) && <p role="status">已办好。</p>}
            <div className="page-actions">
              <Button htmlType="submit" loading={bind.isPending}>
                绑定
              </Button>
              <Button loading={unbind.isPending} onClick={() => unbind.mutate({ input: { id } })}>
                解除绑定
              </Button>
            </div>
          </Form>
        </>
      )}
    </Modal>
  );
}
