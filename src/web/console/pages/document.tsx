import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import {
  addSealedCopy,
  copyStandings,
  documentKinds,
  documentStandings,
  readDocument,
  readDraft,
  readSealedCopy,
  tickPosting,
  withdrawDocument,
} from '../../../procedures/documents/contract.ts';
import { download, type Refused } from '../../shared/ask.ts';
import { DayField } from '../../shared/day-field.tsx';
import { Empty, Refusals, Shown } from '../../shared/feedback.tsx';
import { FileField } from '../../shared/file-field.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section, unanswered } from '../../shared/page.tsx';
import { useMay, useMe } from '../../shared/session.tsx';
import { State } from '../../shared/states.tsx';
import { Timeline } from '../../shared/timeline.tsx';
import { useAct, useAsk } from '../../shared/use-ask.ts';
import { ChatText } from '../chat-text.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { LongPicture } from '../long-picture.tsx';
import { ReasonField } from '../office-forms.tsx';
import '../sheets.css';
import { DocumentState } from './documents.tsx';

type Of = OutputOf<typeof readDocument>;

export function Component() {
  const id = Number(useParams().id);
  const query = useAsk(readDocument, { id });
  return query.data ? (
    <Record of={query.data} />
  ) : (
    <Page title="文件" state={unanswered(query)}>
      <Shown query={query} what="这份文件">
        {() => null}
      </Shown>
    </Page>
  );
}

function Record({ of }: { of: Of }) {
  const { deployment } = useMe();
  const [doing, setDoing] = useState<'seal' | 'withdraw'>();
  const draft = useMutation<void, Refused>({ mutationFn: () => download(readDraft, { id: of.id }) });
  const spread = of.chat !== null;
  return (
    <Page
      title={of.title}
      state={documentStandings[of.standing]}
      mark={<DocumentState standing={of.standing} />}
      lead={leadOf(of)}
      actions={
        <>
          {of.acts
            .filter((one) => one.allowed)
            .map((one) => (
              <Button
                key={one.act}
                type={one.act === 'seal' && of.standing === 'drafted' ? 'primary' : 'default'}
                onClick={() => setDoing(one.act as 'seal' | 'withdraw')}
              >
                {one.act === 'seal' && of.standing === 'valid' ? '换一份盖章件' : one.label}
              </Button>
            ))}
          {of.mine && (
            <Button onClick={() => draft.mutate()} loading={draft.isPending}>
              下载起草稿
            </Button>
          )}
          {spread && <Go to={`/documents/${of.id}/poster`}>A4 海报</Go>}
        </>
      }
    >
      <Refusals error={draft.error} />
      {of.withdrawn && (
        <p className="document-withdrawn" role="status">
          已于 {of.withdrawn.on} 撤回：{of.withdrawn.reason}
        </p>
      )}
      <Facts
        of={{
          种类: documentKinds[of.kind],
          起草单位: of.organisationName,
          主送: of.addressee ?? '--',
          地方: of.placeName,
          起草日期: of.draftedOn,
          发文字号: of.documentNumber ?? '待补（由本单位的系统编号）',
          成文日期: of.issuedOn ?? '待补',
          公开: of.isPublic ? '盖章后公开，凭核验码可取' : '不公开，凭核验码只看真伪',
          核验码: of.standing === 'drafted' ? `${of.code}（盖章后可查）` : <a href={of.url}>{of.code}</a>,
        }}
      />
      <Copies of={of} />
      <Section title="经过">
        <Timeline
          empty="没有记录。"
          of={[
            { on: of.draftedOn, who: of.organisationName, what: '起草' },
            ...of.copies.map((one) => ({
              on: one.addedOn,
              who: of.organisationName,
              what: `上传盖章件 ${one.documentNumber}，${one.issuedOn} 成文`,
            })),
            ...of.groups.map((one) => ({
              on: one.posted?.on ?? null,
              who: one.posted?.by ?? '',
              what: `发到${one.estateName}的“${one.name}”`,
            })),
            { on: of.withdrawn?.on ?? null, who: of.organisationName, what: '撤回', note: of.withdrawn?.reason },
          ]}
        />
      </Section>
      <Section title="正文" note="起草稿的文字；以盖章件为准">
        <div className="document-body">
          {of.passages.map(({ text, as }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the passages of a document do not move
            <p key={at} className={as ? 'document-heading' : undefined}>
              {text}
            </p>
          ))}
        </div>
      </Section>
      {spread && (
        <>
          <ChatText of={of.chat!} />
          <LongPicture
            of={{
              title: of.title,
              passages: of.passages.map(({ text }) => text),
              issuer: of.organisationName,
              issued: `${of.documentNumber}　${of.issuedOn}`,
              url: of.url,
              code: of.code,
              demo: deployment.mode === 'demo',
            }}
          />
          <Groups of={of} />
        </>
      )}
      {doing === 'seal' && <Seal of={of} onClose={() => setDoing(undefined)} />}
      {doing === 'withdraw' && <Withdraw of={of} onClose={() => setDoing(undefined)} />}
    </Page>
  );
}

function leadOf({ standing, mine }: Of): string {
  if (standing === 'withdrawn') return '已经撤回，不再有效。';
  if (standing === 'valid') return '以最后一份盖章件为准。';
  return mine ? '下载起草稿，到本单位的系统编号、盖章，再把盖章件传回来。' : '';
}

function Copies({ of }: { of: Of }) {
  return (
    <Section title="盖章件">
      {of.copies.length === 0 ? (
        <Empty>还没有盖章件。起草稿不是有效文件，不要外发。</Empty>
      ) : (
        <Ledger
          label="盖章件"
          rows={of.copies}
          keyOf={(one) => one.place}
          columns={[
            { title: '第几份', name: true, show: (one) => `第 ${one.place} 份` },
            {
              title: '状态',
              show: (one) => (
                <State tone={one.standing === 'valid' ? 'met' : 'outside'}>{copyStandings[one.standing]}</State>
              ),
            },
            { title: '发文字号', show: (one) => one.documentNumber },
            { title: '成文日期', show: (one) => one.issuedOn },
            { title: '传回日期', show: (one) => one.addedOn },
            { title: '文件', show: (one) => <Copy id={of.id} place={one.place} name={one.name} /> },
            { title: '摘要（SHA-256）', show: (one) => <span className="digest">{one.digest}</span> },
          ]}
        />
      )}
    </Section>
  );
}

function Copy({ id, place, name }: { id: number; place: number; name: string }) {
  const file = useMutation<void, Refused>({ mutationFn: () => download(readSealedCopy, { id, place }) });
  return (
    <>
      <button type="button" className="link" onClick={() => file.mutate()}>
        {name}
      </button>
      <Refusals error={file.error} />
    </>
  );
}

function Groups({ of }: { of: Of }) {
  const act = useAct(tickPosting);
  return (
    <Section title="各群发了没有" note="只记单位和日期，不记是谁发的">
      <Refusals error={act.error} />
      {of.groups.length === 0 ? (
        <Empty action={<Go to="/groups">登记群</Go>}>这个范围里还没有登记群。</Empty>
      ) : (
        <Ledger
          label="各群"
          rows={of.groups}
          keyOf={(one) => one.id}
          columns={[
            { title: '群', name: true, show: (one) => one.name },
            { title: '小区', show: (one) => one.estateName },
            { title: '负责单位', show: (one) => one.organisationName },
            {
              title: '已发',
              show: (one) => {
                if (one.posted) return `${one.posted.on} ${one.posted.by}`;
                if (!one.mayPost) return '未发';
                return (
                  <Button
                    loading={act.isPending && act.variables.input.group === one.id}
                    onClick={() => act.mutate({ input: { id: of.id, group: one.id } })}
                    aria-label={`${one.estateName} ${one.name}：记为已发`}
                  >
                    记为已发
                  </Button>
                );
              },
            },
          ]}
        />
      )}
    </Section>
  );
}

function Seal({ of, onClose }: { of: Of; onClose: () => void }) {
  const act = useAct(addSealedCopy);
  const { today } = useMe().deployment;
  return (
    <FormDialog<{ documentNumber: string; issuedOn: string; file: File }>
      title="上传盖章件"
      open
      onClose={onClose}
      okText="上传"
      draft={`document-${of.id}-seal`}
      initial={{ issuedOn: today }}
      act={({ file, ...fields }) => act.mutateAsync({ input: { id: of.id, ...fields }, file })}
      busy={act.isPending}
      error={act.error}
    >
      <p>
        {of.isPublic
          ? '这份文件是公开的：上传以后，任何人凭核验码都能取到盖章件。'
          : '这份文件不公开：凭核验码只能看真伪。'}
        涉密文件请勿上传。
      </p>
      <Form.Item
        name="documentNumber"
        label="发文字号"
        rules={[{ required: true, whitespace: true, message: '请照盖章件填写发文字号' }]}
      >
        <Input autoComplete="off" maxLength={60} />
      </Form.Item>
      <Form.Item name="issuedOn" label="成文日期" rules={[{ required: true, message: '请照盖章件填写成文日期' }]}>
        <DayField />
      </Form.Item>
      <Form.Item name="file" rules={[{ required: true, message: '请选择盖章件' }]}>
        <Scan />
      </Form.Item>
    </FormDialog>
  );
}

function Scan({ value, onChange }: { value?: File; onChange?: (file: File) => void }) {
  return (
    <FileField
      label={value ? '换一个文件' : '选择盖章件'}
      accept=".pdf,.jpg,.jpeg,.png"
      hint={value ? value.name : 'PDF、JPG 或 PNG，不超过 25 MB'}
      onChoose={(file) => onChange?.(file)}
    />
  );
}

function Withdraw({ of, onClose }: { of: Of; onClose: () => void }) {
  const act = useAct(withdrawDocument);
  const may = useMay();
  if (!may(withdrawDocument)) return null;
  return (
    <FormDialog<{ reason: string }>
      title="撤回这份文件"
      open
      onClose={onClose}
      okText="撤回"
      draft={`document-${of.id}-withdraw`}
      initial={{}}
      act={({ reason }) => act.mutateAsync({ input: { id: of.id, reason } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>撤回后不能恢复。拿着纸来查的人会看到“已撤回”和下面的理由，请不要写个人信息。</p>
      <ReasonField />
    </FormDialog>
  );
}
