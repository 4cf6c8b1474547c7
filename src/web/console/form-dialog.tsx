import { Form } from 'antd';
import type { ReactNode } from 'react';
import { Modal } from '../shared/layers.tsx';
import { RecordForm } from '../shared/record-form.tsx';

interface FormDialogProps<Fields> {
  title: string;
  open: boolean;
  onClose: () => void;
  okText: string;
  initial: Partial<Fields>;
  act: (fields: Fields) => Promise<unknown>;
  busy: boolean;
  error: Error | null;
  /** As of a RecordForm: without a name nothing typed is kept in the browser. */
  draft?: string;
  children: ReactNode;
}

/** One act asked for in a dialog: it closes when the act was done and stays with the reasons when it was refused. */
export function FormDialog<Fields extends object>({
  title,
  open,
  onClose,
  okText,
  busy,
  ...record
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
      <RecordForm<Fields> {...record} form={form} onDone={onClose} className="dialog-form" />
    </Modal>
  );
}
