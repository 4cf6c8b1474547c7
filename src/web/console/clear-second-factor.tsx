import { Form, Input } from 'antd';
import { clearSecondFactor } from '../../registers/accounts/contract.ts';
import { useAct } from '../shared/use-ask.ts';
import { FormDialog } from './form-dialog.tsx';

/** For somebody who lost telephone and recovery codes. */
export function ClearSecondFactor({
  of,
  onClose,
}: {
  of: { personId: number; personName: string };
  onClose: () => void;
}) {
  const act = useAct(clearSecondFactor);
  return (
    <FormDialog<{ reason: string }>
      title={`清除${of.personName}的二次验证`}
      open
      onClose={onClose}
      okText="清除"
      initial={{}}
      act={({ reason }) => act.mutateAsync({ input: { id: of.personId, reason } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>手机和恢复码都丢了的人才需要。清除后他在各处的登录都会退出，下次登录时重新启用。请先当面或电话核实是本人。</p>
      <Form.Item name="reason" label="理由" rules={[{ required: true, whitespace: true, message: '请写明理由' }]}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  );
}
