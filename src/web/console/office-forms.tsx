/** What befalls a post: a deputy, leave, suspension, a conflict of interest. */
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { barPerson, findBarrable, nameDeputy, suspend, takeLeave } from '../../registers/offices/contract.ts';
import { addPostHere, endPost, type HeldPost, listPosts } from '../../registers/people/contract.ts';
import { Choice, useSearch } from '../shared/choice.tsx';
import { DayField } from '../shared/day-field.tsx';
import { useMay, useMe } from '../shared/session.tsx';
import { useAct, useAsk } from '../shared/use-ask.ts';
import { FormDialog } from './form-dialog.tsx';
import { AddPost, EndPost } from './people-forms.tsx';

const required = (message: string) => [{ required: true, message }];
const day = required('请填写日期，如 2026-03-31');

interface DialogProps {
  of: HeldPost;
  onClose: () => void;
}

const dialogs = {
  deputy: NameDeputy,
  leave: TakeLeave,
  suspension: Suspend,
  bar: BarPerson,
  further: AddPost,
  end: EndPost,
};

/** The buttons of one row of the list of posts, for whoever may press them. */
export function PostActs({ of }: { of: HeldPost }) {
  const may = useMay();
  const { post, personId, deployment } = useMe();
  const [open, setOpen] = useState<keyof typeof dialogs>();
  const leads = ['head', 'secretary', 'director'].includes(post.role) && post.organisationId === of.organisationId;
  const over = of.toOn !== null && of.toOn <= deployment.today;
  const arranges = may(suspend) || of.personId === personId || leads;
  const acts = [
    ...(may(takeLeave) && arranges && !over
      ? ([
          ['leave', '离岗'],
          ['deputy', '指定代理'],
        ] as const)
      : []),
    ...(may(suspend) && of.personId !== personId
      ? ([
          ['suspension', '停职'],
          ['bar', '回避'],
        ] as const)
      : []),
    ...(may(addPostHere) && of.personId !== personId ? ([['further', '增加任职']] as const) : []),
    ...(may(endPost) && of.personId !== personId && !over ? ([['end', '离任']] as const) : []),
  ];
  if (acts.length === 0) return '--';
  const Dialog = open && dialogs[open];
  return (
    <span className="row-acts">
      {acts.map(([act, label]) => (
        <Button
          key={act}
          size="small"
          autoInsertSpace={false}
          aria-label={`${of.personName} ${label}`}
          onClick={() => setOpen(act)}
        >
          {label}
        </Button>
      ))}
      {Dialog && <Dialog of={of} onClose={() => setOpen(undefined)} />}
    </span>
  );
}

function TakeLeave({ of, onClose }: DialogProps) {
  const { today } = useMe().deployment;
  const act = useAct(takeLeave);
  return (
    <FormDialog<{ fromOn: string; toOn: string; document: string }>
      title={`${of.personName}离岗（${of.organisationName} ${of.title}）`}
      open
      onClose={onClose}
      okText="登记"
      initial={{ fromOn: today }}
      act={(input) => act.mutateAsync({ input: { id: of.id, ...input } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>离岗期间由指定的代理人代为办理；返岗之日起代理即止。</p>
      <Form.Item name="fromOn" label="离岗之日" rules={day}>
        <DayField />
      </Form.Item>
      <Form.Item name="toOn" label="返岗之日" rules={day}>
        <DayField />
      </Form.Item>
      <DocumentField />
    </FormDialog>
  );
}

function NameDeputy({ of, onClose }: DialogProps) {
  const { today } = useMe().deployment;
  const act = useAct(nameDeputy);
  return (
    <FormDialog<{ personId: string; fromOn: string; toOn: string; document: string }>
      title={`${of.personName}的代理人（AB 角）`}
      open
      onClose={onClose}
      okText="指定"
      initial={{ fromOn: today }}
      act={({ personId, ...input }) => act.mutateAsync({ input: { id: of.id, personId: Number(personId), ...input } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>
        代理人只在{of.personName}离岗期间以这项任职办事，所做的事都写明代{of.personName}。
      </p>
      <Form.Item name="personId" label="代理人" rules={required('请选择代理人')}>
        <ColleagueField of={of} />
      </Form.Item>
      <Form.Item name="fromOn" label="自何日起" rules={day}>
        <DayField />
      </Form.Item>
      <Form.Item name="toOn" label="至何日止" rules={day}>
        <DayField />
      </Form.Item>
      <DocumentField />
    </FormDialog>
  );
}

function Suspend({ of, onClose }: DialogProps) {
  const { today } = useMe().deployment;
  const act = useAct(suspend);
  return (
    <FormDialog<{ whole: string; fromOn: string; toOn?: string; reason: string; document: string }>
      title={`${of.personName}停职`}
      open
      onClose={onClose}
      okText="停职"
      initial={{ whole: 'person', fromOn: today }}
      act={({ whole, toOn, ...input }) =>
        act.mutateAsync({
          input: { id: of.personId, ...(whole === 'post' && { post: of.id }), ...(toOn && { toOn }), ...input },
        })
      }
      busy={act.isPending}
      error={act.error}
    >
      <p>从下一次操作起不能再看、不能再办，压倒一切权限。</p>
      <Form.Item name="whole" label="停什么" rules={required('请选择')}>
        <WholeField of={of} />
      </Form.Item>
      <Form.Item name="fromOn" label="自何日起" rules={day}>
        <DayField />
      </Form.Item>
      <Form.Item name="toOn" label="至何日止（可不填，直至恢复）">
        <DayField />
      </Form.Item>
      <ReasonField />
      <DocumentField />
    </FormDialog>
  );
}

function BarPerson({ of, onClose }: DialogProps) {
  const { today } = useMe().deployment;
  const act = useAct(barPerson);
  return (
    <FormDialog<{ subject: string; fromOn: string; toOn?: string; reason: string }>
      title={`${of.personName}的回避`}
      open
      onClose={onClose}
      okText="登记回避"
      initial={{ fromOn: today }}
      act={({ subject, toOn, ...input }) => {
        const [kind, id] = subject.split(':');
        return act.mutateAsync({
          input: { id: of.personId, [kind as 'estate' | 'company']: Number(id), ...(toOn && { toOn }), ...input },
        });
      }}
      busy={act.isPending}
      error={act.error}
    >
      <p>看不见、办不了须回避的小区或单位；本人会看到理由，可以提出异议。</p>
      <Form.Item name="subject" label="回避何处" rules={required('请选择小区或单位')}>
        <SubjectField />
      </Form.Item>
      <Form.Item name="fromOn" label="自何日起" rules={day}>
        <DayField />
      </Form.Item>
      <Form.Item name="toOn" label="至何日止（可不填，直至解除）">
        <DayField />
      </Form.Item>
      <ReasonField />
    </FormDialog>
  );
}

export function ReasonField({ name = 'reason', label = '理由' }: { name?: string; label?: string }) {
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, whitespace: true, message: `请填写${label}` }]}>
      <Input maxLength={200} autoComplete="off" />
    </Form.Item>
  );
}

function DocumentField() {
  return (
    <Form.Item
      name="document"
      label="依据文件"
      rules={[{ required: true, whitespace: true, message: '请填写依据文件' }]}
    >
      <Input maxLength={100} autoComplete="off" />
    </Form.Item>
  );
}

/** antd's form gives id, value and onChange to its field. */
interface FieldProps {
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
}

function ColleagueField({ of, id, value, onChange }: FieldProps & { of: HeldPost }) {
  const found = useAsk(listPosts, { organisation: of.organisationId ?? undefined, limit: 200 });
  const others = (found.data?.rows ?? []).filter((one) => one.personId !== of.personId);
  return (
    <Choice
      {...(id && { id })}
      label="代理人"
      value={value}
      loading={found.isFetching}
      choices={others.map((one) => ({ value: String(one.personId), label: `${one.personName} ${one.title}` }))}
      onChange={(next) => onChange?.(next)}
    />
  );
}

function WholeField({ of, id, value, onChange }: FieldProps & { of: HeldPost }) {
  return (
    <Choice
      {...(id && { id })}
      label="停什么"
      value={value}
      choices={[
        { value: 'person', label: '全部任职' },
        { value: 'post', label: `只停 ${of.organisationName} ${of.title}` },
      ]}
      onChange={(next) => onChange?.(next)}
    />
  );
}

function SubjectField({ id, value, onChange }: FieldProps) {
  const search = useSearch();
  const found = useAsk(findBarrable, { search: search.text, limit: 50 }, { keep: true });
  return (
    <Choice
      {...(id && { id })}
      label="小区或单位"
      placeholder="输入名称查找"
      value={value}
      loading={found.isFetching}
      search={search.after(found)}
      choices={(found.data?.rows ?? []).map((one) => ({ value: `${one.kind}:${one.id}`, label: one.label }))}
      onChange={(next) => onChange?.(next)}
    />
  );
}
