import { Form, Modal } from 'antd';
import type { ReactNode } from 'react';
import { Refusals } from '../shared/feedback.tsx';

interface FormDialogProps<Fields> {
  title: string;
  open: boolean;
  onClose: () => void;
  okText: string;
  initial: Partial<Fields>;
  act: (fields: Fields) => Promise<unknown>;
  busy: boolean;
  error: Error | null;
  children: ReactNode;
}

/** One act asked for in a dialog: it closes when the act was done and stays with the reasons when it was refused. */
export function FormDialog<Fields extends object>({
  title,
  open,
  onClose,
  okText,
  initial,
  act,
  busy,
  error,
  children,
}: FormDialogProps<Fields>) {
  const [form] = Form.useForm<Fields>();
  return (
    <Modal
      title={title}
      open={open}
      onCancel={onClose}
      okText={okText}
      onOk={() => form.submit()}
      confirmLoading={busy}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={initial}
        onFinish={(fields) => void act(fields as Fields).then(onClose, () => {})}
      >
        {children}
      </Form>
      <Refusals error={error} />
    </Modal>
  );
}
