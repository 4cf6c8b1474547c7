/** One telephone for one reason, and asking for a person's sealed fields to be erased. */
import { useMutation } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { exportOwnerPhones } from '../../registers/estates/contract.ts';
import { askErasure, decideErasure, type Erasure, showPhone } from '../../registers/sealed/contract.ts';
import { download, type Refused } from '../shared/ask.ts';
import { Refusals } from '../shared/feedback.tsx';
import { Modal } from '../shared/layers.tsx';
import { useAct } from '../shared/use-ask.ts';
import { FormDialog } from './form-dialog.tsx';

interface About {
  personId: number;
  name: string;
}

const rules = [{ required: true, whitespace: true, min: 4, message: '理由至少 4 个字' }];

export function ShowPhone({ of, onClose }: { of: About; onClose: () => void }) {
  const act = useAct(showPhone);
  const [form] = Form.useForm<{ reason: string }>();
  const shown = act.data;
  return (
    <Modal
      title={`查看${of.name}的电话`}
      open
      onCancel={onClose}
      okText={shown ? '看完了' : '查看'}
      onOk={() => (shown ? onClose() : form.submit())}
      confirmLoading={act.isPending}
      footer={(_, { OkBtn, CancelBtn }) => (
        <>
          {!shown && <CancelBtn />}
          <OkBtn />
        </>
      )}
    >
      {shown ? (
        <p role="status">
          {shown.phone === null ? '没有电话，或已抹除。' : <code className="tabular phone">{shown.phone}</code>}
        </p>
      ) : (
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          onFinish={({ reason }) => act.mutate({ input: { id: of.personId, reason } })}
        >
          <p>谁、何时、因何查看都会留痕，本人看得到。理由里不要写号码。</p>
          <Form.Item name="reason" label="为什么要看" rules={rules}>
            <Input maxLength={200} autoComplete="off" />
          </Form.Item>
        </Form>
      )}
      <Refusals error={act.error} />
    </Modal>
  );
}

/** All telephones of an estate as a workbook, for one reason; every one of them leaves its trace. */
export function ExportPhones({ estate, name, onClose }: { estate: number; name: string; onClose: () => void }) {
  const act = useMutation<void, Refused, string>({
    mutationFn: (reason) => download(exportOwnerPhones, { id: estate, reason }),
  });
  return (
    <FormDialog<{ reason: string }>
      title={`导出${name}业主的电话`}
      open
      onClose={onClose}
      okText="导出"
      initial={{}}
      act={({ reason }) => act.mutateAsync(reason)}
      busy={act.isPending}
      error={act.error}
    >
      <p>每个号码的查看都会留痕，本人看得到。只看一两个人的，请在名单里逐个查看。</p>
      <Form.Item name="reason" label="为什么要导出" rules={rules}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  );
}

export function AskErasure({ of, onClose }: { of: About; onClose: () => void }) {
  const act = useAct(askErasure);
  return (
    <FormDialog<{ reason: string }>
      title={`申请抹除${of.name}的电话和证件号码`}
      open
      onClose={onClose}
      okText="提出申请"
      initial={{}}
      act={({ reason }) => act.mutateAsync({ input: { id: of.personId, reason } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>由安全管理员决定。抹除后电话、证件号码和尾号都不能恢复；姓名和产权登记不变。</p>
      <Form.Item name="reason" label="理由" rules={rules}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  );
}

export function DecideErasure({ of, carryOut, onClose }: { of: Erasure; carryOut: boolean; onClose: () => void }) {
  const act = useAct(decideErasure);
  return (
    <FormDialog<{ answer: string }>
      title={carryOut ? '执行抹除' : '不予抹除'}
      open
      onClose={onClose}
      okText={carryOut ? '执行，不可恢复' : '不予抹除'}
      initial={{}}
      act={({ answer }) => act.mutateAsync({ input: { id: of.id, carryOut, answer } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>
        {of.organisationName} {of.askedOn} 申请：{of.reason}
      </p>
      <Form.Item name="answer" label="决定的理由" rules={rules}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  );
}
