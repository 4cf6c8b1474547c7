/** What a policy text says itself, beside our words for it: the file an office attached, and in it the section of the clause. */
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { OutputOf } from '../../kernel/contract.ts';
import { attachText, readTextFile, type showClause, withdrawText } from '../../registers/requirements/contract.ts';
import { download, type Refused } from '../shared/ask.ts';
import { Refusals } from '../shared/feedback.tsx';
import { FileField } from '../shared/file-field.tsx';
import { useAct } from '../shared/use-ask.ts';
import { FormDialog } from './form-dialog.tsx';
import { ReasonField } from './office-forms.tsx';
import './sheets.css';

type Clause = OutputOf<typeof showClause>;

export function Original({ of }: { of: Clause }) {
  const attach = useAct(attachText);
  if (of.text === null) return null;
  return (
    <section className="original" aria-label="原文">
      <h2>原文</h2>
      {of.official ? (
        <Attached of={of.official} section={of.section} />
      ) : (
        <p className="note">这份文件的原文还没有附上。{!of.mayAttach && '由区级及以上部门附上后，原文显示在这里。'}</p>
      )}
      {of.mayAttach && (
        <FileField
          label={of.official ? '换一份' : '附上原文件'}
          accept=".pdf,.docx,.txt"
          busy={attach.isPending}
          hint={`${of.documentNumber ?? of.packLabel}的正式文本，docx、txt 和由 Word 另存的 PDF 可逐条对照，扫描件只供下载。附上后本系统登录的人都能看到，内部文件、涉密文件请勿上传。`}
          onChoose={(file) => attach.mutate({ input: { text: of.text! }, file })}
        />
      )}
      <Refusals error={attach.error} />
    </section>
  );
}

function Attached({ of, section }: { of: NonNullable<Clause['official']>; section: string }) {
  const file = useMutation<void, Refused>({ mutationFn: () => download(readTextFile, { id: of.id }) });
  const [withdrawing, setWithdrawing] = useState(false);
  return (
    <>
      {of.passage ? (
        <Passage of={of.passage} />
      ) : (
        <p className="note">
          {of.readable
            ? `文件里没有找到“${section}”这一节，请打开文件查看。`
            : '这份 PDF 是扫描的图片，里面没有文字，请打开文件查看。要逐条对照，请换上 docx，或由 Word、WPS 另存的 PDF。'}
        </p>
      )}
      <p className="note">
        {of.passage &&
          of.passage.nearest !== null &&
          of.passage.paragraphs.length > 1 &&
          '标出的是最相近的一段，由系统比对。'}
        {of.attachedBy} {of.attachedOn} 附：{of.name}
        {of.readable && !of.namesNumber && `。文件里没有写文号 ${of.number}，请核对是不是这一份`}
      </p>
      <p className="no-print">
        <Button onClick={() => file.mutate()} loading={file.isPending}>
          下载原文件
        </Button>{' '}
        {of.mayWithdraw && <Button onClick={() => setWithdrawing(true)}>撤下</Button>}
      </p>
      <Refusals error={file.error} />
      {withdrawing && <Withdrawal id={of.id} onClose={() => setWithdrawing(false)} />}
    </>
  );
}

/** The paragraph meant, with its heading, and the rest of a long section a tap away. */
function Passage({ of: { paragraphs, nearest } }: { of: NonNullable<NonNullable<Clause['official']>['passage']> }) {
  const whole = (
    <blockquote className="passage">
      {paragraphs.map((words, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the paragraphs of a file do not move
        <p key={at}>{at === nearest ? <mark>{words}</mark> : words}</p>
      ))}
    </blockquote>
  );
  if (nearest === null || nearest === 0 || paragraphs.length <= 3) return whole;
  return (
    <>
      <blockquote className="passage">
        <p>{paragraphs[0]}</p>
        <p>
          <mark>{paragraphs[nearest]}</mark>
        </p>
      </blockquote>
      <details className="whole">
        <summary>看整节原文（共 {paragraphs.length} 段）</summary>
        {whole}
      </details>
    </>
  );
}

function Withdrawal({ id, onClose }: { id: number; onClose: () => void }) {
  const act = useAct(withdrawText);
  return (
    <FormDialog<{ reason: string }>
      title="撤下这份原文"
      open
      onClose={onClose}
      okText="撤下"
      initial={{}}
      act={({ reason }) => act.mutateAsync({ input: { id, reason } })}
      busy={act.isPending}
      error={act.error}
    >
      <ReasonField />
    </FormDialog>
  );
}
