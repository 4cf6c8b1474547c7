import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import type { OutputOf } from '../../../kernel/contract.ts';
import { addEvidence, readEvidence, readFiling, withdrawFiling } from '../../../procedures/filings/contract.ts';
import { download, type Refused } from '../../shared/ask.ts';
import { Empty, Refusals } from '../../shared/feedback.tsx';
import { FileField } from '../../shared/file-field.tsx';
import { Modal } from '../../shared/layers.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { useMay } from '../../shared/session.tsx';
import { useAct } from '../../shared/use-ask.ts';
import { moment } from '../../shared/words.tsx';
import { Subject } from '../duty-columns.tsx';
import { EvidenceWord } from './filings.tsx';

export function Component() {
  return (
    <RecordDetail of={readFiling} what="报备">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

type One = OutputOf<typeof readFiling>;

function Record({ of }: { of: One }) {
  const [withdrawing, setWithdrawing] = useState(false);
  const withdraw = of.acts.find((one) => one.act === 'withdraw');
  return (
    <Page
      title={of.label}
      state={of.withdrawn === null ? '已报备' : '已撤回'}
      lead={`${of.subjectLabel}　${of.period}`}
      actions={
        withdraw && (
          <Button
            danger
            disabled={!withdraw.allowed}
            title={withdraw.refusals.join('；')}
            onClick={() => setWithdrawing(true)}
          >
            撤回
          </Button>
        )
      }
    >
      <Facts
        of={{
          对象: <Subject of={{ ...of, estateId: of.subjectKind === 'estates' ? Number(of.subjectId) : null }} />,
          期间: of.period,
          办成日期: of.doneOn,
          报备单位: of.organisationName,
          '报备人、日期': `${of.filedBy}，${of.filedOn}`,
          说明: of.summary ?? '--',
          材料: <EvidenceWord of={of} />,
          ...(of.withdrawn !== null && { 撤回理由: of.withdrawn }),
        }}
      />
      {withdraw && !withdraw.allowed && of.withdrawn === null && (
        <p className="note">不能撤回：{withdraw.refusals.join('；')}</p>
      )}
      <Evidence of={of} />
      <Withdrawal id={of.id} open={withdrawing} onClose={() => setWithdrawing(false)} />
    </Page>
  );
}

function Evidence({ of }: { of: One }) {
  const may = useMay();
  const act = useAct(addEvidence);
  const fetchFile = useMutation<void, Refused, number>({
    mutationFn: (evidence) => download(readEvidence, { id: of.id, evidence }),
  });
  const attach = of.acts.find((one) => one.act === 'attach');
  return (
    <Section title="材料">
      {of.evidenceFiles.length === 0 ? (
        <Empty>{of.evidence === 'none' ? '这件事报备时注明无须材料。' : '还没有材料。'}</Empty>
      ) : (
        <ul className="files">
          {of.evidenceFiles.map((one) => (
            <li key={one.id}>
              {may(readEvidence) ? (
                <button type="button" className="link" onClick={() => fetchFile.mutate(one.id)}>
                  {one.name}
                </button>
              ) : (
                one.name
              )}
              <span className="note">
                {one.addedBy}　{moment(one.addedAt)}
              </span>
            </li>
          ))}
        </ul>
      )}
      <Refusals error={fetchFile.error ?? act.error} />
      {attach?.allowed ? (
        <FileField
          label={attach.label}
          busy={act.isPending}
          onChoose={(file) => act.mutate({ input: { id: of.id }, file })}
          hint="照片、扫描件、文件均可，每个不超过 25 MB"
        />
      ) : (
        attach && <p className="note">不能补交：{attach.refusals.join('；')}</p>
      )}
    </Section>
  );
}

function Withdrawal({ id, open, onClose }: { id: number; open: boolean; onClose: () => void }) {
  const act = useAct(withdrawFiling);
  const [form] = Form.useForm<{ reason: string }>();
  return (
    <Modal
      title="撤回这件报备"
      open={open}
      onCancel={onClose}
      okText="撤回"
      okButtonProps={{ danger: true }}
      onOk={() => form.submit()}
      confirmLoading={act.isPending}
      destroyOnHidden
    >
      <p>撤回后，它回应的义务重新列入待办；撤回的记录和理由会保留。</p>
      <Form
        form={form}
        layout="vertical"
        onFinish={(input) => void act.mutateAsync({ input: { id, ...input } }).then(onClose, () => {})}
      >
        <Form.Item name="reason" label="理由" rules={[{ required: true, min: 2, message: '请写明撤回的理由' }]}>
          <Input.TextArea rows={3} />
        </Form.Item>
      </Form>
      <Refusals error={act.error} />
    </Modal>
  );
}
