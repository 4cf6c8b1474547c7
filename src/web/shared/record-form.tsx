import { Alert, Button, Form, type FormInstance } from 'antd';
import type { ReactNode } from 'react';
import { useDraft } from './draft.ts';
import { Refusals } from './feedback.tsx';
import { moment } from './words.tsx';

interface RecordFormProps<Fields> {
  /** Names the form and what it is about; what is half filled in is then kept in this browser and offered again. */
  draft?: string;
  form?: FormInstance<Fields>;
  initial: Partial<Fields>;
  act: (fields: Fields) => Promise<unknown>;
  onDone?: () => void;
  error: Error | null;
  /** The button of a form on a page; a dialog has its own. */
  okText?: string;
  busy?: boolean;
  className?: string;
  children: ReactNode;
}

/** A form that records something: labels above, the reasons of a refusal below, nothing lost that was typed. */
export function RecordForm<Fields extends object>({
  draft: name,
  form: given,
  initial,
  act,
  onDone,
  error,
  okText,
  busy = false,
  className = 'record-form',
  children,
}: RecordFormProps<Fields>) {
  const [own] = Form.useForm<Fields>();
  const form = given ?? own;
  const draft = useDraft(name);
  const done = () => {
    draft.drop();
    onDone?.();
  };
  return (
    <>
      {draft.found && (
        <Alert
          type="info"
          role="status"
          className="draft-offer"
          title={`上次填到一半的内容还在（${moment(draft.found.at)}）。`}
          action={
            <>
              <Button
                size="small"
                onClick={() => {
                  form.setFieldsValue(draft.found!.fields as Parameters<typeof form.setFieldsValue>[0]);
                  draft.taken();
                }}
              >
                接着填
              </Button>{' '}
              <Button size="small" onClick={draft.drop}>
                不要了
              </Button>
            </>
          }
        />
      )}
      <Form<Fields>
        form={form}
        layout="vertical"
        className={className}
        requiredMark={false}
        preserve={false}
        initialValues={initial}
        onValuesChange={(_, all) => draft.keep(all as Record<string, unknown>)}
        onFinish={(fields) => void act(fields).then(done, () => {})}
      >
        {children}
        <Refusals error={error} />
        {okText && (
          <Button type="primary" htmlType="submit" loading={busy}>
            {okText}
          </Button>
        )}
      </Form>
    </>
  );
}
