import { Checkbox, Form, Input } from 'antd';
import { useNavigate } from 'react-router';
import { openSurvey, type SurveyField, surveyFields } from '../../../registers/surveys/contract.ts';
import { DayField } from '../../shared/day-field.tsx';
import { Page } from '../../shared/page.tsx';
import { RecordForm } from '../../shared/record-form.tsx';
import { useAddress, useArea, useMe } from '../../shared/session.tsx';
import { useAct } from '../../shared/use-ask.ts';

interface Filled {
  title: string;
  basis: string;
  fields: SurveyField[];
  dueOn: string;
}

const fields = (Object.keys(surveyFields) as SurveyField[]).map((value) => ({
  value,
  label: surveyFields[value].label,
}));

/** Asks those below to go over the register of the area looked at. */
export function Component() {
  const area = useArea();
  const { post } = useMe();
  const act = useAct(openSurvey);
  const navigate = useNavigate();
  const address = useAddress();
  return (
    <Page
      printable={false}
      title="开始摸排"
      state="底数摸排"
      lead={area === post.areaCode ? `范围是${post.areaName}的全部小区。` : '范围是页面上方所选地方的全部小区。'}
    >
      <RecordForm<Filled>
        draft="survey-new"
        initial={{ fields: ['households', 'served', 'hasCommittee'] }}
        act={(filled) =>
          act
            .mutateAsync({ input: { ...filled, area: area ?? '' } })
            .then(({ id }) => navigate(address(`/surveys/${id}`)))
        }
        error={act.error}
        okText="开始摸排"
        busy={act.isPending}
      >
        <Form.Item name="title" label="摸什么底" rules={[{ required: true, min: 2, message: '请写明摸什么底' }]}>
          <Input autoComplete="off" maxLength={60} />
        </Form.Item>
        <Form.Item
          name="basis"
          label="依据哪一条，或为什么"
          rules={[{ required: true, min: 2, message: '请写明依据哪一条，或为什么' }]}
        >
          <Input autoComplete="off" maxLength={200} />
        </Form.Item>
        {/* A group of boxes cannot be told to be required; the server says so when none is ticked. */}
        <Form.Item name="fields" label="核对哪几项">
          <Checkbox.Group aria-label="核对哪几项" options={fields} />
        </Form.Item>
        <Form.Item name="dueOn" label="什么时候前核对完" rules={[{ required: true, message: '请填期限' }]}>
          <DayField />
        </Form.Item>
      </RecordForm>
    </Page>
  );
}
