import { Button, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import type { OutputOf } from '../../kernel/contract.ts';
import { freezeBase, listOf, type readIndicator, releaseBase } from '../../oversight/indicators/contract.ts';
import { DayField } from '../shared/day-field.tsx';
import { Section } from '../shared/page.tsx';
import { useMe } from '../shared/session.tsx';
import { useAct } from '../shared/use-ask.ts';
import { FormDialog } from './form-dialog.tsx';

type Of = OutputOf<typeof readIndicator>;

/** Which denominators are fixed, by whom and on what paper; and the act that fixes or releases one. */
export function IndicatorBases({ of }: { of: Of }) {
  const [freezing, setFreezing] = useState(false);
  const [releasing, setReleasing] = useState<number>();
  const office = useMe().post.level !== null;
  if (of.frozen.length === 0 && of.freezable === null) return null;
  return (
    <Section
      title="分母"
      note={of.frozen.length > 0 ? '已冻结：后来新增的不计入' : '未冻结：随底册变化'}
      actions={of.freezable && <Button onClick={() => setFreezing(true)}>冻结分母</Button>}
    >
      {of.frozen.length === 0 ? (
        <p className="note">
          行动期间底册会增加。按基准日的名单冻结分母之后，后来新增的对象不再改变比例；名单在下面可以逐个看到。
        </p>
      ) : (
        <ul className="demands">
          {of.frozen.map((one) => (
            <li key={one.id}>
              {one.areaName}：{one.frozenOn} 由{one.organisationName}冻结，{listOf(one)}。依据：{one.document}{' '}
              {office && (
                <Button size="small" className="no-print" onClick={() => setReleasing(one.id)}>
                  解除冻结
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {of.freezable && <Freeze of={of} area={of.freezable} open={freezing} onClose={() => setFreezing(false)} />}
      <Release id={releasing} onClose={() => setReleasing(undefined)} />
    </Section>
  );
}

interface FreezeProps {
  of: Of;
  area: NonNullable<Of['freezable']>;
  open: boolean;
  onClose: () => void;
}

const byDay = 'day';

function Freeze({ of, area, open, onClose }: FreezeProps) {
  const act = useAct(freezeBase);
  return (
    <FormDialog<{ survey?: string; baseOn?: string; document: string }>
      title={`冻结${area.name}的分母`}
      open={open}
      onClose={onClose}
      okText="冻结"
      draft={`base-${of.id}-${area.code}`}
      initial={{ survey: byDay }}
      act={({ survey = byDay, baseOn, document }) =>
        act.mutateAsync({
          input: {
            id: of.id,
            area: area.code,
            document,
            ...(survey === byDay ? { baseOn } : { survey: Number(survey) }),
          },
        })
      }
      busy={act.isPending}
      error={act.error}
    >
      <p>进入名单的，是基准日（摸排结束那天）符合条件的对象。冻结会留痕；要改，只能写明理由解除后重新冻结。</p>
      {area.surveys.length > 0 && (
        <Form.Item name="survey" label="名单从哪里来">
          <Radio.Group
            aria-label="名单从哪里来"
            className="stacked"
            options={[
              { value: byDay, label: '按某一天的底册' },
              ...area.surveys.map((one) => ({
                value: String(one.id),
                label: `按摸排“${one.title}”${one.closedOn} 结束时的名单`,
              })),
            ]}
          />
        </Form.Item>
      )}
      <Form.Item noStyle dependencies={['survey']}>
        {({ getFieldValue }) =>
          (getFieldValue('survey') ?? byDay) === byDay && (
            <Form.Item name="baseOn" label="基准日" rules={[{ required: true, message: '请填基准日' }]}>
              <DayField />
            </Form.Item>
          )
        }
      </Form.Item>
      <Form.Item
        name="document"
        label="依据的文件（文号或名称）"
        rules={[{ required: true, min: 2, message: '请写明依据的文件' }]}
      >
        <Input />
      </Form.Item>
    </FormDialog>
  );
}

function Release({ id, onClose }: { id: number | undefined; onClose: () => void }) {
  const act = useAct(releaseBase);
  return (
    <FormDialog<{ reason: string }>
      title="解除冻结"
      open={id !== undefined}
      onClose={onClose}
      okText="解除"
      initial={{}}
      act={(fields) => act.mutateAsync({ input: { id: id!, ...fields } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>解除以后按当前底册计算，比例可能变化；冻结过的名单仍然留存。</p>
      <Form.Item name="reason" label="理由" rules={[{ required: true, min: 2, message: '请写明理由' }]}>
        <Input.TextArea rows={3} />
      </Form.Item>
    </FormDialog>
  );
}
