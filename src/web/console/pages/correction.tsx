import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import { draftCorrectionAnswer } from '../../../procedures/documents/contract.ts';
import {
  answerCorrection,
  attachToCorrection,
  correctionStates,
  objectToAnswer,
  readAttachment,
  showCorrection,
} from '../../../registers/corrections/contract.ts';
import { download, type Refused } from '../../shared/ask.ts';
import { Empty, Refusals } from '../../shared/feedback.tsx';
import { FileField } from '../../shared/file-field.tsx';
import { Go } from '../../shared/go.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { useAddress } from '../../shared/session.tsx';
import { Timeline } from '../../shared/timeline.tsx';
import { useAct } from '../../shared/use-ask.ts';
import { orMissing } from '../../shared/words.tsx';
import { DraftButton } from '../draft-button.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { CorrectionMark } from './corrections.tsx';

type Of = OutputOf<typeof showCorrection>;
/** An act that is done in words. */
type Said = Of['acts'][number] & { act: keyof typeof asked };
const isSaid = (one: Of['acts'][number]): one is Said => Object.hasOwn(asked, one.act);

export function Component() {
  return (
    <RecordDetail of={showCorrection} what="纠错">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

function Record({ of }: { of: Of }) {
  const [doing, setDoing] = useState<Said>();
  return (
    <Page
      title={`${of.subjectLabel}：${of.fieldLabel}`}
      state={`纠错第 ${of.id} 件`}
      mark={<CorrectionMark of={of} />}
      lead={<Go to={`/estates/${of.estateId}`}>{of.estateName ?? '小区'}</Go>}
      actions={
        <>
          {of.acts.filter(isSaid).map((one) => (
            <Button key={one.act} onClick={() => setDoing(one)}>
              {one.label}
            </Button>
          ))}
          {of.mayWrite && (
            <DraftButton of={draftCorrectionAnswer} input={{ id: of.id }}>
              起草答复
            </DraftButton>
          )}
        </>
      }
    >
      <Facts
        of={{
          当时写的: orMissing(of.said),
          应当是: of.shouldBe,
          底册现在写的: orMissing(of.says),
          怎么知道的: of.reason,
          谁提出: [of.organisationName ?? '业主', of.askedBy].filter(Boolean).join(' '),
          提出日期: of.askedOn,
          由谁答复: of.keeperName,
          ...(of.answer !== null && { 答复: of.answer, 答复日期: of.answeredOn }),
          ...(of.previousId !== null && { 这是异议: <Go to={`/corrections/${of.previousId}`}>看先前那一件</Go> }),
          ...(of.nextId !== null && { 后来提出异议: <Go to={`/corrections/${of.nextId}`}>看那一件</Go> }),
        }}
      />
      <Attachments of={of} />
      <Section title="经过">
        <Timeline
          empty="没有记录。"
          of={[
            {
              on: of.askedOn,
              who: [of.organisationName ?? '业主', of.askedBy].filter(Boolean).join(' '),
              what: '提出',
            },
            { on: of.answeredOn, who: of.keeperName, what: correctionStates[of.state], note: of.answer },
          ]}
        />
      </Section>
      {of.row && <Change row={of.row} />}
      {doing && <Act of={of} act={doing} onClose={() => setDoing(undefined)} />}
    </Page>
  );
}

/** Photos and scans; whoever asked adds them until there is an answer. */
function Attachments({ of }: { of: Of }) {
  const act = useAct(attachToCorrection);
  const fetchFile = useMutation<void, Refused, number>({
    mutationFn: (attachment) => download(readAttachment, { id: of.id, attachment }),
  });
  const attach = of.acts.find((one) => one.act === 'attach');
  if (!attach && of.attachments.length === 0) return null;
  return (
    <Section title="照片和扫描件">
      {of.attachments.length === 0 ? (
        <Empty>还没有附。有照片或证明的，附上便于核对。</Empty>
      ) : (
        <ul className="files">
          {of.attachments.map((one) => (
            <li key={one.id}>
              <button type="button" className="link" onClick={() => fetchFile.mutate(one.id)}>
                {one.name}
              </button>
              <span className="note">{one.addedOn}</span>
            </li>
          ))}
        </ul>
      )}
      <Refusals error={fetchFile.error ?? act.error} />
      {attach && (
        <FileField
          label={attach.label}
          busy={act.isPending}
          accept="image/jpeg,image/png,application/pdf"
          onChoose={(file) => act.mutate({ input: { id: of.id }, file })}
          hint="JPG、PNG 或 PDF，每份不超过 25 MB；请遮住电话和证件号码"
        />
      )}
    </Section>
  );
}

/** The register is changed through its own door, with the row filled in; nothing is written from here. */
function Change({ row }: { row: NonNullable<Of['row']> }) {
  const navigate = useNavigate();
  const address = useAddress();
  return (
    <Section title="改底册">
      <p className="note">属实的，用名册改这一行：内容已经填好，读取、核对、写入即可。改了，这一件就是“已更正”。</p>
      <Button
        type="primary"
        onClick={() =>
          navigate(address('/imports/new', { kind: row.roster, way: 'paste' }), { state: { pasted: row.text } })
        }
      >
        去改底册
      </Button>
    </Section>
  );
}

const asked = { accept: '答复', decline: '为什么不改', withdraw: '为什么撤回', object: '为什么不同意' } as const;

function Act({ of, act, onClose }: { of: Of; act: Said; onClose: () => void }) {
  const answer = useAct(answerCorrection);
  const object = useAct(objectToAnswer);
  const navigate = useNavigate();
  const address = useAddress();
  return (
    <FormDialog<{ note: string }>
      title={act.label}
      open
      onClose={onClose}
      okText={act.label}
      initial={{}}
      act={async ({ note }) => {
        if (act.act !== 'object') return answer.mutateAsync({ input: { id: of.id, act: act.act, note } });
        const { id } = await object.mutateAsync({ input: { id: of.id, reason: note } });
        return navigate(address(`/corrections/${id}`));
      }}
      busy={answer.isPending || object.isPending}
      error={answer.error ?? object.error}
    >
      <Form.Item
        name="note"
        label={asked[act.act]}
        rules={[{ required: true, whitespace: true, message: `请写明${asked[act.act]}` }]}
      >
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDialog>
  );
}
