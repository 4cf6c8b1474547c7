import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import type { OutputOf } from '../../../kernel/contract.ts';
import {
  draftLetter,
  passOnDirective,
  readDirective,
  type StepAct,
  takeStep,
} from '../../../oversight/directives/contract.ts';
import { DayField } from '../../shared/day-field.tsx';
import { ClauseChip, Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { useMe } from '../../shared/session.tsx';
import { Timeline } from '../../shared/timeline.tsx';
import { useAct } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { BodyPicker } from '../body-picker.tsx';
import { DraftButton } from '../draft-button.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { DirectiveState, directiveColumns } from './directives.tsx';

type Of = OutputOf<typeof readDirective>;

export function Component() {
  return (
    <RecordDetail of={readDirective} what="督办">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

function Record({ of }: { of: Of }) {
  const { post } = useMe();
  const url = useUrl();
  const open = of.acts.filter((one) => one.allowed);
  // Whoever comes to do one thing finds it opened.
  const asked = url.one('do', ['passOn'] as const);
  const [doing, setDoing] = useState(open.find((one) => one.act === asked));
  const close = () => {
    setDoing(undefined);
    url.change({ do: undefined });
  };
  const waiting = of.acts.filter((one) => !one.allowed);
  return (
    <Page
      title={of.title}
      state={`第 ${of.id} 件`}
      mark={<DirectiveState of={of} />}
      lead={`${of.fromName} 请 ${of.toName} 于 ${of.due} 前办好`}
      actions={
        <>
          {open.map((one) => (
            <Button key={one.act} onClick={() => setDoing(one)}>
              {one.label}
            </Button>
          ))}
          {post.organisationId === of.fromId && !['closed', 'withdrawn'].includes(of.state) && (
            <DraftButton of={draftLetter} input={{ id: of.id }}>
              起草督办函
            </DraftButton>
          )}
        </>
      }
    >
      <Facts
        of={{
          要办什么: of.demand,
          凭哪一条: (
            <>
              <ClauseChip id={of.clauseId} /> {of.clauseDemand}
            </>
          ),
          ...(of.matter && {
            督办的义务: of.duty ? (
              <Go to={`/duties/${of.duty.id}`}>{`${of.duty.label}　${of.period}`}</Go>
            ) : (
              '不在您的范围之内'
            ),
            系统里有没有: of.duty?.filingId ? (
              <Go to={`/filings/${of.duty.filingId}`}>已报备，看报备</Go>
            ) : (
              '还没有报备'
            ),
          }),
          最初发出: of.originName,
          发出日期: of.issuedOn,
        }}
      />
      {waiting.length > 0 && (
        <Section title="现在还不能办的">
          <ul className="demands">
            {waiting.map((one) => (
              <li key={one.act}>
                {one.label}：{one.refusals.join('；')}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {(of.above || of.below.length > 0) && (
        <Section title="转办的链条" note="上一级和下一级，各看各的进展">
          <Ledger
            label="转办的链条"
            rows={[...(of.above ? [of.above] : []), ...of.below]}
            keyOf={(one) => one.id}
            columns={directiveColumns}
          />
        </Section>
      )}
      <Section title="经过">
        <Timeline
          empty="还没有发出。"
          of={[
            { on: of.issuedOn, who: of.fromName, what: '发出督办' },
            ...of.steps.map((step) => ({
              on: step.takenOn,
              who: `${step.organisationName} ${step.by}`,
              what: `${step.label}${step.until ? `至 ${step.until}` : ''}`,
              note: step.note,
            })),
          ]}
        />
      </Section>
      {doing?.act === 'passOn' ? (
        <PassOn of={of} opened={asked === doing.act} onClose={close} />
      ) : (
        doing && <Step of={of} act={doing.act as StepAct} label={doing.label} onClose={close} />
      )}
    </Page>
  );
}

function Step({ of, act: name, label, onClose }: { of: Of; act: StepAct; label: string; onClose: () => void }) {
  const act = useAct(takeStep);
  const dated = name === 'askExtension' || name === 'extend';
  return (
    <FormDialog<{ note: string; until?: string }>
      title={label}
      open
      onClose={onClose}
      okText={label}
      draft={`directive-${of.id}-${name}`}
      initial={{}}
      act={(fields) => act.mutateAsync({ input: { id: of.id, act: name, ...fields } })}
      busy={act.isPending}
      error={act.error}
    >
      {dated && (
        <Form.Item name="until" label="延到哪一天" rules={[{ required: true, message: '请填日期' }]}>
          <DayField />
        </Form.Item>
      )}
      <Form.Item
        name="note"
        label={name === 'reply' ? '办理情况' : '说明'}
        rules={[{ required: true, min: 2, message: '请写明情况或理由' }]}
      >
        <Input.TextArea rows={4} />
      </Form.Item>
    </FormDialog>
  );
}

function PassOn({ of, opened, onClose }: { of: Of; opened: boolean; onClose: () => void }) {
  const act = useAct(passOnDirective);
  return (
    <FormDialog<{ to: number; demand: string; dueOn: string }>
      title="转办下级"
      open
      onClose={onClose}
      okText="转办"
      draft={`directive-${of.id}-passOn`}
      initial={{ demand: of.demand, dueOn: of.due }}
      act={(fields) => act.mutateAsync({ input: { id: of.id, ...fields } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>{`依据和事由不变；期限不能晚于 ${of.due}。下级办结后，由您答复上一级。`}</p>
      <BodyPicker opened={opened} />
      <Form.Item name="demand" label="要办什么" rules={[{ required: true, min: 4, message: '请写明要办什么' }]}>
        <Input.TextArea rows={4} />
      </Form.Item>
      <Form.Item name="dueOn" label="期限" rules={[{ required: true, message: '请填期限' }]}>
        <DayField />
      </Form.Item>
    </FormDialog>
  );
}
