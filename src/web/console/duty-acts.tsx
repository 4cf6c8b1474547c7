/** What may befall a duty besides being done: waived by two persons, paused, waiting for another body. */
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import type { OutputOf } from '../../kernel/contract.ts';
import {
  answerWait,
  awaitBody,
  confirmWaiver,
  declineWaiver,
  pauseDuty,
  proposeWaiver,
  type readDuty,
  resumeDuty,
  stopWaiting,
} from '../../oversight/duties/contract.ts';
import { Choice } from '../shared/choice.tsx';
import { DayField } from '../shared/day-field.tsx';
import { Section } from '../shared/page.tsx';
import { useMe } from '../shared/session.tsx';
import { useAct } from '../shared/use-ask.ts';
import { FormDialog } from './form-dialog.tsx';

type One = OutputOf<typeof readDuty>;
interface DialogProps {
  of: One;
  onClose: () => void;
}

const required = (message: string) => [{ required: true, message }];
const words = (message: string) => [{ required: true, min: 4, message }];

const dialogs: Record<string, (props: DialogProps) => React.ReactNode> = {
  propose: Propose,
  confirm: Confirm,
  decline: Decline,
  pause: Pause,
  resume: Resume,
  wait: Wait,
  answer: Answer,
  stop: Stop,
};

/** The acts the server says are open. */
export function DutyActs({ of }: { of: One }) {
  const [open, setOpen] = useState<string>();
  const Dialog = open === undefined ? undefined : dialogs[open];
  return (
    <>
      {of.acts
        .filter((one) => one.allowed)
        .map((one) => (
          <Button key={one.act} autoInsertSpace={false} onClick={() => setOpen(one.act)}>
            {one.label}
          </Button>
        ))}
      {Dialog && <Dialog of={of} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Propose({ of, onClose }: DialogProps) {
  const act = useAct(proposeWaiver);
  return (
    <FormDialog<{ reason: string; document?: string }>
      title="提出免除这项义务"
      open
      onClose={onClose}
      okText="提出"
      draft={`duty-${of.id}-propose`}
      initial={{}}
      act={(input) => act.mutateAsync({ input: { id: of.id, ...input } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>要由另一人确认后才免除。免除会留痕，责任单位能看到理由。办成了却没有报备的，请用“报备”，不要免除。</p>
      <Form.Item name="reason" label="理由" rules={words('请写明免除的理由')}>
        <Input.TextArea rows={3} />
      </Form.Item>
      <Form.Item name="document" label="依据文件（可不填）">
        <Input />
      </Form.Item>
    </FormDialog>
  );
}

function Confirm({ of, onClose }: DialogProps) {
  const act = useAct(confirmWaiver);
  return (
    <FormDialog<object>
      title="确认免除这项义务"
      open
      onClose={onClose}
      okText="确认免除"
      initial={{}}
      act={() => act.mutateAsync({ input: { id: of.id } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>
        {of.waiver!.proposedBy}于 {of.waiver!.proposedOn} 提出，理由：{of.waiver!.reason}
      </p>
    </FormDialog>
  );
}

function Decline({ of, onClose }: DialogProps) {
  const act = useAct(declineWaiver);
  return (
    <Reasoned
      draft={`duty-${of.id}-decline`}
      title="不同意免除"
      okText="不同意"
      label="理由"
      message="请写明不同意的理由"
      onClose={onClose}
      act={(reason) => act.mutateAsync({ input: { id: of.id, reason } })}
      busy={act.isPending}
      error={act.error}
    />
  );
}

function Pause({ of, onClose }: DialogProps) {
  const act = useAct(pauseDuty);
  return (
    <FormDialog<{ to: string; reason: string; basis: string }>
      title="暂停这项义务"
      open
      onClose={onClose}
      okText="暂停"
      draft={`duty-${of.id}-pause`}
      initial={{}}
      act={(input) => act.mutateAsync({ input: { id: of.id, ...input } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>从今天起暂停，到恢复之日自行恢复；暂停的天数不计入期限。</p>
      <Form.Item name="to" label="恢复之日" rules={required('请填写日期，如 2026-12-31')}>
        <DayField />
      </Form.Item>
      <Form.Item name="reason" label="理由" rules={words('请写明暂停的理由')}>
        <Input.TextArea rows={2} />
      </Form.Item>
      <Form.Item name="basis" label="依据的条款或文件" rules={words('请写明依据的条款或文件')}>
        <Input />
      </Form.Item>
    </FormDialog>
  );
}

function Resume({ of, onClose }: DialogProps) {
  const act = useAct(resumeDuty);
  return (
    <Reasoned
      draft={`duty-${of.id}-resume`}
      title="提前恢复"
      okText="恢复"
      label="理由"
      message="请写明恢复的理由"
      onClose={onClose}
      act={(reason) => act.mutateAsync({ input: { id: of.id, reason } })}
      busy={act.isPending}
      error={act.error}
    />
  );
}

function Wait({ of, onClose }: DialogProps) {
  const { today } = useMe().deployment;
  const act = useAct(awaitBody);
  return (
    <FormDialog<{ awaited: string; since: string; asked: string }>
      title="说明在等哪个单位"
      open
      onClose={onClose}
      okText="登记"
      draft={`duty-${of.id}-wait`}
      initial={{ since: today }}
      act={({ awaited, ...input }) => act.mutateAsync({ input: { id: of.id, awaited: Number(awaited), ...input } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>等待期间，这项义务和天数计在被等的单位名下；它答复之后，又由本单位办理。</p>
      <Form.Item name="awaited" label="在等哪个单位" rules={required('请选择单位')}>
        <BodyField of={of} />
      </Form.Item>
      <Form.Item name="since" label="从哪一天起等" rules={required('请填写日期，如 2026-07-10')}>
        <DayField />
      </Form.Item>
      <Form.Item name="asked" label="在等什么" rules={words('请写明在等什么')}>
        <Input.TextArea rows={2} />
      </Form.Item>
    </FormDialog>
  );
}

function BodyField({
  of,
  id = '',
  value,
  onChange = () => {},
}: {
  of: One;
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
}) {
  return (
    <Choice
      id={id}
      label="在等哪个单位"
      value={value}
      onChange={onChange}
      choices={of.awaitable.map((one) => ({ value: String(one.id), label: one.name }))}
    />
  );
}

function Answer({ of, onClose }: DialogProps) {
  const act = useAct(answerWait);
  return (
    <Reasoned
      draft={`duty-${of.id}-answer`}
      title="答复等待的单位"
      okText="答复"
      label="答复"
      message="请写明答复"
      onClose={onClose}
      act={(answer) => act.mutateAsync({ input: { id: of.id, answer } })}
      busy={act.isPending}
      error={act.error}
    />
  );
}

function Stop({ of, onClose }: DialogProps) {
  const act = useAct(stopWaiting);
  return (
    <Reasoned
      draft={`duty-${of.id}-stop`}
      title="不再等待"
      okText="不再等"
      label="原因"
      message="请写明为什么不再等"
      onClose={onClose}
      act={(reason) => act.mutateAsync({ input: { id: of.id, reason } })}
      busy={act.isPending}
      error={act.error}
    />
  );
}

/** An act that asks for one sentence. */
function Reasoned({
  label,
  message,
  act,
  ...dialog
}: {
  title: string;
  okText: string;
  draft: string;
  label: string;
  message: string;
  onClose: () => void;
  act: (text: string) => Promise<unknown>;
  busy: boolean;
  error: Error | null;
}) {
  return (
    <FormDialog<{ text: string }> {...dialog} open initial={{}} act={({ text }) => act(text)}>
      <Form.Item name="text" label={label} rules={words(message)}>
        <Input.TextArea rows={3} />
      </Form.Item>
    </FormDialog>
  );
}

/** What has befallen the duty, in words; nothing when nothing has. */
export function Befallen({ of }: { of: One }) {
  const { waiver, pauses, waits } = of;
  if (!waiver && pauses.length === 0 && waits.length === 0) return null;
  return (
    <Section title="免除、暂停和等待">
      <ul className="befallen">
        {waiver && <li>{waiverWords(waiver)}</li>}
        {pauses.map((one) => (
          <li key={`${one.from}${one.to}`}>
            {one.from} 起暂停，{one.resumedOn ? `${one.resumedOn} 提前恢复（${one.resumedReason}）` : `${one.to} 恢复`}
            。 理由：{one.reason}；依据：{one.basis}（{one.by}）
          </li>
        ))}
        {waits.map((one) => (
          <li key={`${one.since}${one.awaited}${one.asked}`}>
            {one.since} 起等{one.awaited}：{one.asked}。
            {one.endedOn
              ? `等了 ${one.days} 天，${one.endedOn} ${one.answered ? '答复' : '不再等'}：${one.answer}`
              : `已等 ${one.days} 天，还没有答复`}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function waiverWords({
  state,
  proposedBy,
  proposedOn,
  reason,
  document,
  decidedBy,
  answer,
}: NonNullable<One['waiver']>) {
  const proposed = `${proposedOn} ${proposedBy}提出免除：${reason}${document ? `（${document}）` : ''}`;
  if (state === 'proposed') return `${proposed}。还要由另一人确认。`;
  if (state === 'confirmed') return `${proposed}。${decidedBy ? `由${decidedBy}的另一人确认。` : ''}`;
  return `${proposed}。${decidedBy}不同意：${answer}`;
}

/** Whom the duty is taken to while it stays overdue, level after level. */
export function Escalations({ of: { escalations } }: { of: One }) {
  if (escalations.length === 0) return null;
  return (
    <ol className="befallen">
      {escalations.map((one) => (
        <li key={one.level}>
          超期满 {one.after} 天，上报{one.recipient ?? `${one.kind}（没有登记这样的单位，待补）`}
          {one.escalatedOn
            ? `：${one.escalatedOn} 已上报`
            : one.warnedOn
              ? `：${one.warnedOn} 已提醒，再不办就上报`
              : ''}
        </li>
      ))}
    </ol>
  );
}
