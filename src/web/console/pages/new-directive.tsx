import { Form, Input } from 'antd';
import { useNavigate } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import { issueDirective, shownLists } from '../../../oversight/directives/contract.ts';
import { readDuty } from '../../../oversight/duties/contract.ts';
import { Choice } from '../../shared/choice.tsx';
import { DayField } from '../../shared/day-field.tsx';
import { Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Facts, Page } from '../../shared/page.tsx';
import { RecordForm } from '../../shared/record-form.tsx';
import { useAddress } from '../../shared/session.tsx';
import { useAct, useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { BodyPicker } from '../body-picker.tsx';

/** Issues a directive: from an overdue duty with everything known, or in words. */
export function Component() {
  const id = useUrl().number('duty');
  return (
    <Page
      printable={false}
      title="发出督办"
      state="填写"
      lead="督办会留痕，承办单位和它的上级都看得见。系统里已经有的事、数和名单，不能再要。"
    >
      {id === undefined ? <Fields /> : <FromDuty id={id} />}
    </Page>
  );
}

function FromDuty({ id }: { id: number }) {
  const query = useAsk(readDuty, { id });
  return (
    <Shown query={query} what="义务">
      {(duty) => <Fields duty={duty} />}
    </Shown>
  );
}

interface Filled {
  to: number;
  clauseId: string;
  title: string;
  demand: string;
  dueOn: string;
  wants?: keyof typeof shownLists;
}

function Fields({ duty }: { duty?: OutputOf<typeof readDuty> }) {
  const act = useAct(issueDirective);
  const go = useNavigate();
  const address = useAddress();
  const issue = (fields: Filled) =>
    act
      .mutateAsync({ input: { ...fields, ...(duty && { duty: duty.id }) } })
      .then(({ id }) => go(address(`/directives/${id}`)));
  const known = duty && {
    to: duty.bearerId ?? undefined,
    clauseId: duty.clauses[0],
    title: `${duty.label}（${duty.period}）`.slice(0, 100),
    demand: `${duty.subjectLabel}：${duty.label}，应于 ${duty.dueOn} 前办成，尚未报备。请办成后报备。`,
  };
  return (
    <>
      {duty && (
        <Facts
          of={{
            督办的义务: <Go to={`/duties/${duty.id}`}>{duty.label}</Go>,
            对象: duty.subjectLabel,
            承办单位: duty.bearerName ?? '--',
            应办日期: duty.dueOn,
          }}
        />
      )}
      <RecordForm<Filled>
        draft={`directive-new-${duty?.id ?? ''}`}
        initial={(known ?? {}) as Partial<Filled>}
        act={(fields) => issue({ ...(known as Partial<Filled>), ...fields })}
        error={act.error}
        okText="发出"
        busy={act.isPending}
      >
        {duty?.bearerId == null && <BodyPicker />}
        {!duty && (
          <Form.Item name="wants" label="要的是数或名单吗？（是的话先选，系统里已有的不再要）">
            <Wants />
          </Form.Item>
        )}
        <Form.Item
          name="clauseId"
          label="凭哪一条（条款号，如 LC-5.3a）"
          rules={[{ required: true, message: '请写明依据哪一条' }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="title" label="事由" rules={[{ required: true, min: 2, message: '请写明事由' }]}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="demand" label="要办什么" rules={[{ required: true, min: 4, message: '请写明要办什么' }]}>
          <Input.TextArea rows={4} />
        </Form.Item>
        <Form.Item name="dueOn" label="什么时候前办好" rules={[{ required: true, message: '请填期限' }]}>
          <DayField />
        </Form.Item>
      </RecordForm>
    </>
  );
}

function Wants({
  id,
  value,
  onChange,
}: {
  id?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
}) {
  return (
    <Choice
      {...(id && { id })}
      label="要的数或名单"
      value={value ?? 'none'}
      choices={[
        { value: 'none', label: '不是，要办一件事' },
        ...Object.entries(shownLists).map(([key, label]) => ({ value: key, label: `${label}的数或名单` })),
      ]}
      onChange={(next) => onChange?.(next === 'none' ? undefined : next)}
    />
  );
}
