import { Button, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { listRosterKinds, pasteRoster, uploadRoster } from '../../../registers/rosters/contract.ts';
import { Refusals, Shown } from '../../shared/feedback.tsx';
import { FileField } from '../../shared/file-field.tsx';
import { Page } from '../../shared/page.tsx';
import { useAddress } from '../../shared/session.tsx';
import { useAct, useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { ImportSteps } from '../import-steps.tsx';
import { RowForm } from '../row-form.tsx';
import { TemplateButton } from '../template-button.tsx';

/** The first step: what is in the roster, and the roster itself, as a workbook or as pasted cells. */
export function Component() {
  const url = useUrl();
  const kinds = useAsk(listRosterKinds, {});
  const navigate = useNavigate();
  const address = useAddress();
  const upload = useAct(uploadRoster);
  const paste = useAct(pasteRoster);
  // A row that another page filled in: it travels beside the address, not in it.
  const carried = useLocation().state as { pasted?: string } | null;
  const [text, setText] = useState(carried?.pasted ?? '');
  const way = url.one('way', ['file', 'paste', 'form'] as const) ?? 'file';
  const open = ({ id }: { id: number }) => navigate(address(`/imports/${id}`));
  return (
    <Page printable={false} title="导入名册" state="选择和上传">
      <ImportSteps at={1} />
      <Shown query={kinds} what="名册种类">
        {({ items }) => {
          const kind = items.find((one) => one.code === url.text('kind')) ?? items[0];
          if (!kind) return null;
          return (
            <>
              <Form layout="vertical" className="record-form">
                <Form.Item label="名册里是什么">
                  <Radio.Group
                    aria-label="名册里是什么"
                    value={kind.code}
                    onChange={(event) => url.change({ kind: event.target.value as string })}
                    options={items.map((one) => ({ value: one.code, label: one.label }))}
                  />
                </Form.Item>
                <Fields of={kind} />
                <Form.Item label="怎样给出">
                  <Radio.Group
                    aria-label="怎样给出"
                    value={way}
                    onChange={(event) => url.change({ way: event.target.value as string })}
                    options={[
                      { value: 'file', label: '上传表格' },
                      { value: 'paste', label: '从 Excel 或 WPS 粘贴' },
                      { value: 'form', label: '逐项填写一条' },
                    ]}
                  />
                </Form.Item>
                {way === 'file' && (
                  <FileField
                    label="选择文件并上传"
                    primary
                    accept=".xlsx,.xls,.csv"
                    busy={upload.isPending}
                    hint="xlsx、xls 或 csv，不超过 20 MB、5 万行；表头合并、列序不同都可以"
                    onChoose={(file) =>
                      void upload
                        .mutateAsync({ input: { kind: kind.code, name: file.name }, file })
                        .then(open, () => {})
                    }
                  />
                )}
                {way === 'paste' && (
                  <>
                    <Form.Item label="连同表头一起粘贴" htmlFor="pasted">
                      <Input.TextArea
                        id="pasted"
                        rows={10}
                        value={text}
                        onChange={(event) => setText(event.target.value)}
                        placeholder={`${kind.fields
                          .slice(0, 4)
                          .map((one) => one.label)
                          .join('\t')}\n…`}
                      />
                    </Form.Item>
                    <Button
                      type="primary"
                      loading={paste.isPending}
                      disabled={text.trim() === ''}
                      onClick={() => void paste.mutateAsync({ input: { kind: kind.code, text } }).then(open, () => {})}
                    >
                      读取粘贴的内容
                    </Button>
                  </>
                )}
                {way !== 'form' && <Refusals error={upload.error ?? paste.error} />}
              </Form>
              {way === 'form' && (
                <RowForm
                  key={kind.code}
                  of={kind}
                  busy={paste.isPending}
                  error={paste.error}
                  act={(row) => paste.mutateAsync({ input: { kind: kind.code, text: row } }).then(open)}
                />
              )}
            </>
          );
        }}
      </Shown>
    </Page>
  );
}

function Fields({
  of,
}: {
  of: {
    code: string;
    label: string;
    fields: readonly { key: string; label: string; required: boolean; hint: string | null }[];
  };
}) {
  return (
    <div className="roster-fields">
      <p className="note">
        必填：
        {of.fields
          .filter((one) => one.required)
          .map((one) => one.label)
          .join('、') || '无'}
        。其余空着写“待补”，以后再导。
      </p>
      <details className="definition">
        <summary>可以有哪些列（{of.fields.length}）</summary>
        <ul>
          {of.fields.map((one) => (
            <li key={one.key}>
              {one.label}
              {one.required && '（必填）'}
              {one.hint && `：${one.hint}`}
            </li>
          ))}
        </ul>
      </details>
      <TemplateButton kind={of.code} label={of.label} />
    </div>
  );
}
