import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { showEstate } from '../../../registers/estates/contract.ts';
import {
  addGroup,
  type ChatGroup,
  closeGroup,
  exportGroups,
  type GroupKind,
  groupKinds,
  listGroups,
} from '../../../registers/groups/contract.ts';
import { listRosterKinds } from '../../../registers/rosters/contract.ts';
import { Choice } from '../../shared/choice.tsx';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea, useMay, useMe } from '../../shared/session.tsx';
import { TabLine } from '../../shared/tab-line.tsx';
import { useAct, useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { EstateField } from '../estate-field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { ReasonField } from '../office-forms.tsx';

const kinds = Object.entries(groupKinds).map(([value, label]) => ({ value, label }));

/** Which chat groups there are, estate by estate, and who looks after each: no members, no telephone numbers. */
export function Component() {
  const url = useUrl();
  const may = useMay();
  const area = useArea();
  const closed = url.one('closed', ['yes', 'no'] as const) ?? 'no';
  const input = {
    area,
    closed,
    estate: url.number('estate'),
    kind: url.one('kind', Object.keys(groupKinds) as GroupKind[]),
  };
  const query = useList(listGroups, input, url);
  const [adding, setAdding] = useState(false);
  const [closing, setClosing] = useState<ChatGroup>();
  return (
    <Page
      title="群台账"
      state={query.data ? `${query.data.total} 个` : unanswered(query)}
      lead="每个小区有哪些群、由谁负责。只登记群，不登记成员和电话。"
      actions={
        <>
          {may(addGroup) && (
            <Button type="primary" onClick={() => setAdding(true)}>
              登记群
            </Button>
          )}
          {may(listRosterKinds) && (
            <Go to="/imports/new" query={{ kind: 'groups' }}>
              导入群台账
            </Go>
          )}
          <ExportButton of={exportGroups} input={input} list="群" />
        </>
      }
    >
      <TabLine
        label="群台账"
        name="closed"
        current={closed}
        of={[
          { key: 'no', label: '在用' },
          { key: 'yes', label: '已停用' },
        ]}
      />
      <Filters url={url} names={['kind']}>
        <ChoiceField url={url} name="kind" label="类别" choices={kinds} />
      </Filters>
      <ListLedger
        label="群"
        query={query}
        url={url}
        unit="个"
        keyOf={(one) => one.id}
        empty={closed === 'yes' ? '没有停用的群。' : '这里还没有登记群。请按“登记群”，或把现有的台账表格导入。'}
        columns={[
          { title: '群', name: true, show: (one) => <Go to={`/groups/${one.id}`}>{one.name}</Go> },
          { title: '小区', show: (one) => <Go to={`/estates/${one.estateId}`}>{one.estateName}</Go> },
          { title: '类别', show: (one) => groupKinds[one.kind] },
          { title: '负责单位', show: (one) => one.organisationName },
          { title: '登记日期', show: (one) => one.addedOn },
          ...(closed === 'yes'
            ? [{ title: '停用', show: (one: ChatGroup) => `${one.closedOn}：${one.closedReason}` }]
            : may(closeGroup)
              ? [
                  {
                    title: '操作',
                    screenOnly: true,
                    show: (one: ChatGroup) => (
                      <Button onClick={() => setClosing(one)} aria-label={`停用 ${one.estateName} ${one.name}`}>
                        停用
                      </Button>
                    ),
                  },
                ]
              : []),
        ]}
      />
      {adding && <Add onClose={() => setAdding(false)} />}
      {closing && <Close of={closing} onClose={() => setClosing(undefined)} />}
    </Page>
  );
}

function Add({ onClose }: { onClose: () => void }) {
  const act = useAct(addGroup);
  return (
    <FormDialog<{ estate: string; name: string; kind: GroupKind; organisation?: string }>
      title="登记群"
      open
      onClose={onClose}
      okText="登记"
      draft="group-add"
      initial={{ kind: 'owners' }}
      act={({ estate, organisation, ...fields }) =>
        act.mutateAsync({
          input: { ...fields, estate: Number(estate), ...(organisation && { organisation: Number(organisation) }) },
        })
      }
      busy={act.isPending}
      error={act.error}
    >
      <Form.Item name="estate" label="小区" rules={[{ required: true, message: '请选择小区' }]}>
        <EstateField />
      </Form.Item>
      <Form.Item name="name" label="群的名称" rules={[{ required: true, min: 2, message: '请填写群的名称' }]}>
        <Input autoComplete="off" maxLength={60} />
      </Form.Item>
      <Form.Item name="kind" label="类别">
        <KindField />
      </Form.Item>
      <Form.Item noStyle dependencies={['estate']}>
        {({ getFieldValue }) => (
          <Form.Item name="organisation" label="负责单位（不选就是本单位）">
            <KeeperField estate={getFieldValue('estate') as string | undefined} />
          </Form.Item>
        )}
      </Form.Item>
    </FormDialog>
  );
}

interface FieldProps {
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
}

function KindField({ id, value, onChange }: FieldProps) {
  return (
    <Choice {...(id && { id })} label="类别" value={value} choices={kinds} onChange={(next) => onChange?.(next)} />
  );
}

/** One's own body, whoever serves the estate, and its committees. */
function KeeperField({ id, value, onChange, estate }: FieldProps & { estate: string | undefined }) {
  const { post } = useMe();
  const { data } = useAsk(showEstate, { id: Number(estate) }, { enabled: estate !== undefined, keep: true });
  const choices = [
    { value: String(post.organisationId), label: post.organisationName },
    ...(data?.projects ?? [])
      .filter((one) => one.companyId !== null && one.endedOn === null)
      .map((one) => ({ value: String(one.companyId), label: one.companyName ?? '物业企业' })),
    ...(data?.committees ?? []).map((one) => ({ value: String(one.id), label: one.name })),
  ];
  return (
    <Choice
      {...(id && { id })}
      label="负责单位"
      value={value}
      choices={choices}
      onChange={(next) => onChange?.(next)}
    />
  );
}

export function Close({ of, onClose }: { of: ChatGroup; onClose: () => void }) {
  const act = useAct(closeGroup);
  return (
    <FormDialog<{ reason: string }>
      title={`停用“${of.name}”`}
      open
      onClose={onClose}
      okText="停用"
      draft={`group-${of.id}-close`}
      initial={{}}
      act={({ reason }) => act.mutateAsync({ input: { id: of.id, reason } })}
      busy={act.isPending}
      error={act.error}
    >
      <ReasonField label="原因" />
    </FormDialog>
  );
}
