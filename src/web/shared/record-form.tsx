import { Alert, Button, Form, type FormInstance } from 'antd';
import type { ReactNode } from 'react';
import { Refused } from './ask.ts';
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

/** Says at each field what was refused there, and goes to the first of them; with no error the marks are taken back. */
function markRefused(form: FormInstance, error?: unknown) {
  const refusals = error instanceof Refused ? error.refusals : [];
  const marks = form.getFieldsError().map(({ name }) => ({
    name,
    errors: refusals.filter(({ field }) => field === name.join('.')).map(({ reason }) => reason),
  }));
  form.setFields(marks);
  const first = marks.find(({ errors }) => errors.length > 0);
  if (first) form.scrollToField(first.name, { focus: true, block: 'center' });
}

/** A form that records something: labels above, the reasons of a refusal below and at the fields they name, nothing lost that was typed. */
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
        onFinish={(fields) => {
          markRefused(form);
          void act(fields).then(done, (refused: unknown) => markRefused(form, refused));
        }}
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
