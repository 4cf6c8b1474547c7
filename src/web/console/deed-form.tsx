import { Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { addMonths, labelOfPeriod, localDate, parsePeriod, periodsOverlapping } from '../../kernel/local-date.ts';
import { addEvidence, type Filing, fileDeed } from '../../procedures/filings/contract.ts';
import { Choice } from '../shared/choice.tsx';
import { DayField } from '../shared/day-field.tsx';
import { FileField } from '../shared/file-field.tsx';
import { RecordForm } from '../shared/record-form.tsx';
import { useAddress, useMe } from '../shared/session.tsx';
import { useAct } from '../shared/use-ask.ts';

interface DeedProps {
  deed: { matter: string; subjectKind: Filing['subjectKind']; subjectId: string; period?: string };
  /** A period of the same matter, where the person still chooses one. */
  periodLike?: string;
}

interface Entered {
  doneOn: string;
  summary?: string;
  evidence: 'now' | 'to-follow' | 'none';
}

export function DeedForm({ deed, periodLike }: DeedProps) {
  const { today } = useMe().deployment;
  const navigate = useNavigate();
  const address = useAddress();
  const [period, setPeriod] = useState(deed.period);
  const [file, setFile] = useState<File>();
  const [form] = Form.useForm<Entered>();
  const evidence = Form.useWatch('evidence', form) ?? 'now';
  const filing = useAct(fileDeed);
  const attach = useAct(addEvidence);
  const [filed, setFiled] = useState<number>();
  const missing =
    period === undefined ? '请选择期间' : evidence === 'now' && !file ? '请选择材料文件，或改为“材料后补”' : undefined;
  const submit = async (entered: Entered) => {
    setTried(true);
    if (missing || period === undefined) throw new Error(missing);
    // The deed stands once it is filed; a file that fails is tried again without filing twice.
    const id =
      filed ??
      (
        await filing.mutateAsync({
          input: {
            ...deed,
            period,
            doneOn: entered.doneOn,
            summary: entered.summary,
            evidence: entered.evidence === 'none' ? 'none' : 'to-follow',
          },
        })
      ).id;
    setFiled(id);
    if (entered.evidence === 'now' && file) await attach.mutateAsync({ input: { id }, file });
    void navigate(address(`/filings/${id}`));
  };
  const [tried, setTried] = useState(false);
  return (
    <RecordForm<Entered>
      form={form}
      draft={`deed-${deed.matter}-${deed.subjectId}-${deed.period ?? ''}`}
      initial={{ doneOn: today, evidence: 'now' }}
      act={submit}
      error={filing.error ?? attach.error}
      okText="提交报备"
      busy={filing.isPending || attach.isPending}
    >
      {deed.period === undefined && (
        <Form.Item label="期间" htmlFor="period">
          <PeriodField like={periodLike ?? ''} today={today} value={period} onChange={setPeriod} />
        </Form.Item>
      )}
      <Form.Item name="doneOn" label="办成日期" rules={[{ required: true, message: '请填写办成日期，如 2026-03-31' }]}>
        <DayField />
      </Form.Item>
      <Form.Item name="summary" label="说明（可不填）">
        <Input.TextArea rows={3} maxLength={2000} placeholder="做了什么、结果如何" />
      </Form.Item>
      <Form.Item name="evidence" label="材料">
        <Radio.Group
          options={[
            { value: 'now', label: '现在附上' },
            { value: 'to-follow', label: '后补' },
            { value: 'none', label: '无须材料' },
          ]}
        />
      </Form.Item>
      {evidence === 'now' && (
        <Form.Item>
          <FileField
            label={file ? '换一个文件' : '选择文件'}
            onChoose={setFile}
            hint={file?.name ?? '照片、扫描件、文件均可，不超过 25 MB'}
          />
        </Form.Item>
      )}
      {tried && missing && (
        <p className="field-error" role="alert">
          {missing}
        </p>
      )}
      {filed !== undefined && attach.error && (
        <p role="status">事情已经报备，材料没有传上，可以再试一次或稍后在报备页补交。</p>
      )}
    </RecordForm>
  );
}

/** A period of the matter's rhythm, back to three years ago; a day where the matter follows an event. */
function PeriodField({
  like,
  today,
  value,
  onChange,
}: {
  like: string;
  today: string;
  value: string | undefined;
  onChange: (key: string) => void;
}) {
  const rhythm = parsePeriod(like)?.rhythm;
  if (!rhythm) return <DayField id="period" {...(value && { value })} onChange={onChange} />;
  const now = localDate(today);
  const keys = periodsOverlapping(rhythm, addMonths(now, -36), now).map((one) => one.key);
  return (
    <Choice
      id="period"
      label="期间"
      value={value}
      onChange={onChange}
      choices={keys.reverse().map((key) => ({ value: key, label: labelOfPeriod(key) }))}
    />
  );
}
