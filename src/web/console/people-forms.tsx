/** What an administrator does for people: a post in a body, and an account to sign in with. */
import { Button, Form, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import type { InputOf } from '../../kernel/contract.ts';
import { resetPassword } from '../../registers/accounts/contract.ts';
import { listOrganisations } from '../../registers/organisations/contract.ts';
import {
  addPostHere,
  appointHere,
  endPost,
  type HeldPost,
  openAccount,
  roles,
} from '../../registers/people/contract.ts';
import { Choice, useSearch } from '../shared/choice.tsx';
import { DayField } from '../shared/day-field.tsx';
import { Refusals } from '../shared/feedback.tsx';
import { Modal } from '../shared/layers.tsx';
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

/** One more post for somebody already known: the same sign-in, to be switched to in the header. */
export function AddPost({ of, onClose }: { of: HeldPost; onClose: () => void }) {
  const { today } = useMe().deployment;
  const act = useAct(addPostHere);
  return (
    <FormDialog<Omit<InputOf<typeof addPostHere>, 'id' | 'organisationId'> & { organisation: string }>
      title={`${of.personName}增加任职`}
      open
      onClose={onClose}
      okText="增加"
      initial={{ fromOn: today }}
      act={({ organisation, ...input }) =>
        act.mutateAsync({ input: { id: of.personId, organisationId: Number(organisation), ...input } })
      }
      busy={act.isPending}
      error={act.error}
    >
      <p>
        {of.personName}现任{of.organisationName} {of.title}。增加的任职用同一个账号登录，在页面右上角切换身份。
      </p>
      <Form.Item name="organisation" label="单位" rules={[{ required: true, message: '请选择单位' }]}>
        <OrganisationField />
      </Form.Item>
      <Form.Item name="role" label="职务" rules={[{ required: true, message: '请选择职务' }]}>
        <RoleField />
      </Form.Item>
      <Form.Item name="fromOn" label="任职日期" rules={[{ required: true, message: '请填写日期，如 2026-03-31' }]}>
        <DayField />
      </Form.Item>
      <Form.Item name="toOn" label="任期届满之日（可不填）">
        <DayField />
      </Form.Item>
      <Form.Item
        name="document"
        label="依据文件"
        rules={[{ required: true, whitespace: true, message: '请填写依据文件' }]}
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  );
}

export function EndPost({ of, onClose }: { of: HeldPost; onClose: () => void }) {
  const { today } = useMe().deployment;
  const act = useAct(endPost);
  return (
    <FormDialog<Omit<InputOf<typeof endPost>, 'id'>>
      title={`${of.personName}离任（${of.organisationName} ${of.title}）`}
      open
      onClose={onClose}
      okText="离任"
      initial={{ toOn: today }}
      act={(input) => act.mutateAsync({ input: { id: of.id, ...input } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>自离任之日起，{of.personName}和代理人都不能再以这项任职看和办；其他任职、账号和已办的事不受影响。</p>
      <Form.Item name="toOn" label="离任之日" rules={[{ required: true, message: '请填写日期，如 2026-03-31' }]}>
        <DayField />
      </Form.Item>
      <Form.Item name="reason" label="理由" rules={[{ required: true, whitespace: true, message: '请填写理由' }]}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="document"
        label="依据文件"
        rules={[{ required: true, whitespace: true, message: '请填写依据文件' }]}
      >
        <Input maxLength={100} autoComplete="off" />
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
  const search = useSearch();
  const found = useAsk(listOrganisations, { area, search: search.text, limit: 50 }, { keep: true });
  return (
    <Choice
      {...(id && { id })}
      label="单位"
      placeholder="输入名称查找"
      value={value}
      onChange={(next) => onChange?.(next)}
      search={search.after(found)}
      loading={found.isFetching}
      choices={(found.data?.rows ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
    />
  );
}

/** A password that somebody else may see is shown once; the dialog closes only by its button while it stands. */
function PasswordDialog({
  title,
  name,
  given,
  onClose,
  okText,
  onOk,
  busy,
  error,
  children,
}: {
  title: string;
  name: string;
  given: { account: string; password: string } | undefined;
  onClose: () => void;
  okText: string;
  onOk: () => void;
  busy: boolean;
  error: Error | null;
  children: ReactNode;
}) {
  return (
    <Modal
      title={title}
      open
      onCancel={onClose}
      mask={{ closable: !given }}
      keyboard={!given}
      closable={!given}
      confirmLoading={busy}
      okText={given ? '已经记下' : okText}
      onOk={given ? onClose : onOk}
      footer={(_, { OkBtn, CancelBtn }) => (
        <>
          {!given && <CancelBtn />}
          <OkBtn />
        </>
      )}
    >
      {given ? <FirstPassword account={given.account} password={given.password} name={name} /> : children}
      <Refusals error={error} />
    </Modal>
  );
}

export function OpenAccount({ of, onClose }: { of: HeldPost; onClose: () => void }) {
  const act = useAct(openAccount);
  const [form] = Form.useForm<{ account: string }>();
  return (
    <PasswordDialog
      title={act.data ? '账号已开通' : `为${of.personName}开通账号`}
      name={of.personName}
      given={act.data}
      onClose={onClose}
      okText="开通"
      onOk={() => form.submit()}
      busy={act.isPending}
      error={act.error}
    >
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
    </PasswordDialog>
  );
}

export function ResetPassword({ of, onClose }: { of: HeldPost; onClose: () => void }) {
  const act = useAct(resetPassword);
  const [form] = Form.useForm<{ reason: string }>();
  return (
    <PasswordDialog
      title={act.data ? '密码已重置' : `重置${of.personName}的密码`}
      name={of.personName}
      given={act.data}
      onClose={onClose}
      okText="重置"
      onOk={() => form.submit()}
      busy={act.isPending}
      error={act.error}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={({ reason }) => act.mutate({ input: { id: of.personId, reason } })}
      >
        <p>
          忘记密码才需要。请先核实是本人。重置后他在各处的登录都会退出；二次验证不变；是谁、何时、为什么重置的，他下次登录时会看到。
        </p>
        <Form.Item name="reason" label="理由" rules={[{ required: true, whitespace: true, message: '请写明理由' }]}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
      </Form>
    </PasswordDialog>
  );
}

export function FirstPassword({ account, password, name }: { account: string; password: string; name: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="first-password" role="status">
      <p>
        请现在把账号和密码交给{name}：密码只显示这一次，关闭后无法再看，72 小时内有效。{name}
        第一次登录时先设自己的密码。
      </p>
      <dl>
        <dt>账号</dt>
        <dd>{account}</dd>
        <dt>临时密码</dt>
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
