/** What an administrator does for people: a post in a body, and an account to sign in with. */
import { Button, Form, Input, Modal } from 'antd';
import { useDeferredValue, useState } from 'react';
import type { InputOf } from '../../kernel/contract.ts';
import { listOrganisations } from '../../registers/organisations/contract.ts';
import { appointHere, type HeldPost, openAccount, roles } from '../../registers/people/contract.ts';
import { Choice } from '../shared/choice.tsx';
import { DayField } from '../shared/day-field.tsx';
import { Refusals } from '../shared/feedback.tsx';
import { useArea, useMe } from '../shared/session.tsx';
import { useAct, useAsk } from '../shared/use-ask.ts';
import { options } from '../shared/words.tsx';
import { FormDialog } from './form-dialog.tsx';

type Appointment = InputOf<typeof appointHere>;

/** An owner is known from the roll of units. */
const { owner: _owner, ...appointable } = roles;

export function Appoint({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { today } = useMe().deployment;
  const act = useAct(appointHere);
  return (
    <FormDialog<Appointment>
      title="新增人员任职"
      open={open}
      onClose={onClose}
      okText="新增"
      initial={{ fromOn: today }}
      act={(input) => act.mutateAsync({ input })}
      busy={act.isPending}
      error={act.error}
    >
      <p>登记一位新的人员和他的职务。需要登录的，登记后在名录里开通账号。</p>
      <Form.Item name="id" label="单位" rules={[{ required: true, message: '请选择单位' }]}>
        <OrganisationField />
      </Form.Item>
      <Form.Item name="name" label="姓名" rules={[{ required: true, message: '请填写姓名' }]}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <Form.Item name="role" label="职务" rules={[{ required: true, message: '请选择职务' }]}>
        <RoleField />
      </Form.Item>
      <Form.Item name="fromOn" label="任职日期" rules={[{ required: true, message: '请填写日期，如 2026-03-31' }]}>
        <DayField />
      </Form.Item>
      <Form.Item name="document" label="依据文件（可不填）">
        <Input maxLength={100} />
      </Form.Item>
    </FormDialog>
  );
}

/** antd's form gives id, value and onChange to its field. */
interface FieldProps {
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
}

function RoleField({ id, value, onChange }: FieldProps) {
  return (
    <Choice
      {...(id && { id })}
      label="职务"
      value={value}
      choices={options(appointable)}
      onChange={(next) => onChange?.(next)}
    />
  );
}

/** A body of the area looked at, found by its name. */
function OrganisationField({ id, value, onChange }: FieldProps) {
  const area = useArea();
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim()) || undefined;
  const found = useAsk(listOrganisations, { area, search, limit: 50 }, { keep: true });
  return (
    <Choice
      {...(id && { id })}
      label="单位"
      placeholder="输入名称查找"
      value={value}
      onChange={(next) => onChange?.(next)}
      onSearch={setTyped}
      loading={found.isFetching}
      choices={(found.data?.rows ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
    />
  );
}

/** The first password is shown once, here; the dialog closes only by its button while it stands. */
export function OpenAccount({ of, onClose }: { of: HeldPost; onClose: () => void }) {
  const act = useAct(openAccount);
  const [form] = Form.useForm<{ account: string }>();
  const opened = act.data;
  return (
    <Modal
      title={opened ? '账号已开通' : `为${of.personName}开通账号`}
      open
      onCancel={onClose}
      mask={{ closable: !opened }}
      keyboard={!opened}
      closable={!opened}
      confirmLoading={act.isPending}
      okText={opened ? '已经记下' : '开通'}
      onOk={() => (opened ? onClose() : form.submit())}
      footer={(_, { OkBtn, CancelBtn }) => (
        <>
          {!opened && <CancelBtn />}
          <OkBtn />
        </>
      )}
    >
      {opened ? (
        <FirstPassword account={opened.account} password={opened.password} name={of.personName} />
      ) : (
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ account: of.personName }}
          onFinish={({ account }) => act.mutate({ input: { id: of.personId, account } })}
        >
          <p>
            {of.organisationName} {of.title}。登录后能看、能办的范围由任职决定。
          </p>
          <Form.Item
            name="account"
            label="账号"
            extra="登录时填写的名字，全系统不重复。"
            rules={[{ required: true, whitespace: true, message: '请填写账号' }]}
          >
            <Input maxLength={60} autoComplete="off" />
          </Form.Item>
        </Form>
      )}
      <Refusals error={act.error} />
    </Modal>
  );
}

export function FirstPassword({ account, password, name }: { account: string; password: string; name: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="first-password" role="status">
      <p>
        请现在把账号和初始密码交给{name}：密码只显示这一次，关闭后无法再看。{name}登录后请自行修改。
      </p>
      <dl>
        <dt>账号</dt>
        <dd>{account}</dd>
        <dt>初始密码</dt>
        <dd className="tabular">
          <code>{password}</code> {/* A browser lends its clipboard only to a secure address. */}
          {navigator.clipboard ? (
            <Button
              size="small"
              onClick={() =>
                void navigator.clipboard.writeText(password).then(
                  () => setCopied(true),
                  () => {},
                )
              }
            >
              {copied ? '已复制' : '复制'}
            </Button>
          ) : (
            <span className="note">点一下即选中，可复制</span>
          )}
        </dd>
      </dl>
    </div>
  );
}
