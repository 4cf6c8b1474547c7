/** A reminder to a body of all it owes; drafted from one of its overdue duties. */
import { Button, Form } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { draftReminder } from '../../oversight/duties/contract.ts';
import { DayField } from '../shared/day-field.tsx';
import { useAddress, useMay } from '../shared/session.tsx';
import { useAct } from '../shared/use-ask.ts';
import { FormDialog } from './form-dialog.tsx';

export function Reminder({ bearer, name }: { bearer: number; name: string }) {
  const act = useAct(draftReminder);
  const may = useMay();
  const go = useNavigate();
  const address = useAddress();
  const [open, setOpen] = useState(false);
  if (!may(draftReminder)) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>起草提醒函</Button>
      <FormDialog<{ until: string }>
        title="起草限期补报提醒函"
        open={open}
        onClose={() => setOpen(false)}
        okText="生成起草稿"
        initial={{}}
        act={async ({ until }) => {
          const { id } = await act.mutateAsync({ input: { bearer, until } });
          await go(address(`/documents/${id}`));
        }}
        busy={act.isPending}
        error={act.error}
      >
        <p>{`把${name}所有超期的事项连同条款写进一份函里。`}</p>
        <Form.Item name="until" label="限哪一天前补报" rules={[{ required: true, message: '请填日期' }]}>
          <DayField />
        </Form.Item>
      </FormDialog>
    </>
  );
}
