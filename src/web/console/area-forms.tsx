/** What an office may set for an area: from when it counts, whether it is on trial, what applies there, what lies below. */
import { Checkbox, Form, Input } from 'antd';
import { type Area, addAreaHere, enrolArea, tryArea } from '../../registers/areas/contract.ts';
import { bindPackHere, listPacks, packLevels } from '../../registers/requirements/contract.ts';
import { Choice } from '../shared/choice.tsx';
import { DayField } from '../shared/day-field.tsx';
import { useMe } from '../shared/session.tsx';
import { useAct, useAsk } from '../shared/use-ask.ts';
import { labelIn } from '../shared/words.tsx';
import { FormDialog } from './form-dialog.tsx';

interface DialogProps {
  of: Area;
  open: boolean;
  onClose: () => void;
}

const day = { required: true, message: '请填写日期，如 2026-03-31' };

export function Enrol({ of, open, onClose }: DialogProps) {
  const act = useAct(enrolArea);
  return (
    <FormDialog<{ on: string; below?: boolean; reason?: string }>
      title={`${of.name}的纳入日期`}
      open={open}
      onClose={onClose}
      okText="设定"
      initial={{ on: of.enrolledOn }}
      act={(input) => act.mutateAsync({ input: { code: of.code, ...input } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>从这一天起到期的义务才算应为；此前到期的写“未纳入”。</p>
      <Form.Item name="on" label="纳入日期" rules={[day]}>
        <DayField />
      </Form.Item>
      <Form.Item name="below" valuePropName="checked">
        <Checkbox>辖区内的下级、单位和小区也用这一天</Checkbox>
      </Form.Item>
      <Form.Item name="reason" label="理由（可不填）">
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  );
}

export function Try({ of, open, onClose }: DialogProps) {
  const act = useAct(tryArea);
  return (
    <FormDialog<{ until?: string; reason?: string }>
      title={`${of.name}的试运行`}
      open={open}
      onClose={onClose}
      okText="设定"
      initial={{ until: of.trialUntil ?? '' }}
      act={({ until, reason }) => act.mutateAsync({ input: { code: of.code, until: until || null, reason } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>试运行期间只提醒，不列入要干预清单，不与别处比较。日期留空即结束试运行。</p>
      <Form.Item name="until" label="试运行到（含当日）">
        <DayField />
      </Form.Item>
      <Form.Item name="reason" label="理由（可不填）">
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  );
}

export function AddArea({ of, open, onClose }: DialogProps) {
  const { today } = useMe().deployment;
  const act = useAct(addAreaHere);
  return (
    <FormDialog<{ code: string; name: string; enrolledOn: string; provisional?: boolean }>
      title={`在${of.name}下新增`}
      open={open}
      onClose={onClose}
      okText="新增"
      initial={{ enrolledOn: today }}
      act={(input) => act.mutateAsync({ input: { parentCode: of.code, ...input } })}
      busy={act.isPending}
      error={act.error}
    >
      <Form.Item name="name" label="名称" rules={[{ required: true, message: '请填写名称' }]}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item
        name="code"
        label="12 位区划代码"
        rules={[{ required: true, pattern: /^\d{12}$/, message: '区划代码应为 12 位数字' }]}
      >
        <Input inputMode="numeric" maxLength={12} />
      </Form.Item>
      <Form.Item name="provisional" valuePropName="checked">
        <Checkbox>正式代码还没有公布，先用临时代码</Checkbox>
      </Form.Item>
      <Form.Item name="enrolledOn" label="纳入日期" rules={[day]}>
        <DayField />
      </Form.Item>
    </FormDialog>
  );
}

export function BindPack({ of, open, onClose }: DialogProps) {
  const { today } = useMe().deployment;
  const act = useAct(bindPackHere);
  const packs = useAsk(listPacks, { limit: 200 }, { enabled: open });
  return (
    <FormDialog<{ packId: string; from: string; document?: string }>
      title={`${of.name}适用政策包`}
      open={open}
      onClose={onClose}
      okText="适用"
      initial={{ from: today }}
      act={(input) => act.mutateAsync({ input: { code: of.code, ...input } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>下级自动适用。从所填日期起，政策包里的要求开始产生义务。</p>
      <Form.Item name="packId" label="政策包" rules={[{ required: true, message: '请选择政策包' }]}>
        <PackField
          choices={(packs.data?.rows ?? []).map((one) => ({
            value: one.id,
            label: `${one.label}（${labelIn(packLevels, one.level)}）`,
          }))}
          loading={packs.isLoading}
        />
      </Form.Item>
      <Form.Item name="from" label="从哪一天起" rules={[day]}>
        <DayField />
      </Form.Item>
      <Form.Item name="document" label="依据文件（可不填）">
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  );
}

/** antd's form gives value and onChange to its field. */
function PackField({
  id,
  value,
  onChange,
  choices,
  loading,
}: {
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
  choices: { value: string; label: string }[];
  loading: boolean;
}) {
  return (
    <Choice
      {...(id && { id })}
      label="政策包"
      value={value}
      onChange={(next) => onChange?.(next)}
      choices={choices}
      loading={loading}
    />
  );
}
