import { Form, Input, Radio } from 'antd';
import { useNavigate } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import { askCorrection, showCorrectable } from '../../../registers/corrections/contract.ts';
import { listUnits, serviceModes, showEstate } from '../../../registers/estates/contract.ts';
import { Choice } from '../../shared/choice.tsx';
import { Shown } from '../../shared/feedback.tsx';
import { Page } from '../../shared/page.tsx';
import { RecordForm } from '../../shared/record-form.tsx';
import { standingOf, useAddress, useMe } from '../../shared/session.tsx';
import { useAct, useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';

/** Says that a record is wrong: which, which field of it, what it should be and how one knows. */
export function Component() {
  const subject = useUrl().text('subject') ?? '';
  const query = useAsk(showCorrectable, { subject });
  return (
    <Page
      printable={false}
      title="写得不对？"
      state={query.data?.label ?? '纠错'}
      lead={query.data && `${query.data.label}。由${query.data.keeperName ?? '管底册的单位'}答复。`}
    >
      <Shown query={query} what="这项登记">
        {(of) => (
          <>
            <Subjects estate={of.estateId} subject={subject} label={of.label} />
            <Fields key={subject} subject={subject} of={of} />
          </>
        )}
      </Shown>
    </Page>
  );
}

/** What else of this estate may be wrong: its committees, its service, of an owner their own flats. */
function Subjects({ estate, subject, label }: { estate: number; subject: string; label: string }) {
  const url = useUrl();
  const owner = standingOf(useMe().post) === 'resident';
  const { data } = useAsk(showEstate, { id: estate });
  const units = useAsk(listUnits, { id: estate, limit: 100 }, { enabled: owner });
  const choices = [
    { value: `estate:${estate}`, label: `小区：${data?.name ?? ''}` },
    ...(units.data?.rows ?? []).map((one) => ({
      value: `unit:${one.id}`,
      label: `房屋：${one.buildingName} ${one.name}`,
    })),
    ...(data?.committees ?? []).map((one) => ({ value: `committee:${one.id}`, label: `业主组织：${one.name}` })),
    ...(data?.projects ?? []).map((one) => ({
      value: `project:${one.id}`,
      label: `物业项目：${one.companyName ?? serviceModes[one.mode]}`,
    })),
  ];
  if (!choices.some((one) => one.value === subject)) choices.unshift({ value: subject, label });
  return (
    <Form layout="vertical" className="record-form">
      <Form.Item label="哪一项登记" htmlFor="subject">
        <Choice
          id="subject"
          label="哪一项登记"
          value={subject}
          choices={choices}
          onChange={(next) => url.change({ subject: next })}
        />
      </Form.Item>
    </Form>
  );
}

interface Filled {
  field: string;
  shouldBe: string;
  reason: string;
}

function Fields({ subject, of }: { subject: string; of: OutputOf<typeof showCorrectable> }) {
  const act = useAct(askCorrection);
  const navigate = useNavigate();
  const address = useAddress();
  return (
    <RecordForm<Filled>
      initial={{}}
      act={(fields) =>
        act.mutateAsync({ input: { subject, ...fields } }).then(({ id }) => navigate(address(`/corrections/${id}`)))
      }
      error={act.error}
      okText="提出纠错"
      busy={act.isPending}
    >
      <Form.Item name="field" label="哪里不对" rules={[{ required: true, message: '请选择哪里不对' }]}>
        <Radio.Group
          aria-label="哪里不对"
          className="stacked"
          options={of.fields.map((one) => ({
            value: one.field,
            label: one.says === null ? one.label : `${one.label}（现在写的是“${one.says}”）`,
          }))}
        />
      </Form.Item>
      <Form.Item
        name="shouldBe"
        label="应当是"
        rules={[{ required: true, whitespace: true, message: '请写明应当是什么' }]}
      >
        <Input autoComplete="off" maxLength={200} />
      </Form.Item>
      <Form.Item
        name="reason"
        label="怎么知道的"
        extra="不要写电话或证件号码；电话、证件请到社区当面更正。"
        rules={[{ required: true, whitespace: true, message: '请写明怎么知道的' }]}
      >
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </RecordForm>
  );
}
