/** How the owners of one unit come to an account: a letter, or the counter; from the committee, a member's word. */
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import {
  issueLetter,
  type Letter,
  listOwnersOfUnit,
  openAtCounter,
  vouch,
} from '../../registers/activations/contract.ts';
import { Empty, Refusals, Shown } from '../shared/feedback.tsx';
import { Modal } from '../shared/layers.tsx';
import { useAct, useAsk } from '../shared/use-ask.ts';
import { FormDialog } from './form-dialog.tsx';
import { FirstPassword } from './people-forms.tsx';

interface Unit {
  id: number;
  label: string;
}

export function OwnerAccounts({
  of,
  onClose,
  onLetter,
}: {
  of: Unit;
  onClose: () => void;
  onLetter: (letter: Letter) => void;
}) {
  const query = useAsk(listOwnersOfUnit, { id: of.id });
  const issue = useAct(issueLetter);
  const [counter, setCounter] = useState<string>();
  const [opened, setOpened] = useState<{ name: string; account: string; password: string }>();
  return (
    <Modal
      title={`${of.label} 的业主账号`}
      open
      footer={null}
      onCancel={onClose}
      closable={!opened}
      keyboard={!opened}
      mask={{ closable: !opened }}
    >
      {opened ? (
        <>
          <FirstPassword {...opened} />
          <Button type="primary" onClick={onClose}>
            已经记下
          </Button>
        </>
      ) : (
        <Shown query={query}>
          {({ owners }) =>
            owners.length === 0 ? (
              <Empty>底册里这套房屋没有业主，请先导入房屋名册。</Empty>
            ) : (
              <ul className="rows">
                {owners.map((one) => (
                  <li key={one.personId}>
                    <span className="grow">
                      {one.name}
                      <span className="sub">
                        {one.hasAccount
                          ? '已有账号'
                          : one.letter
                            ? `激活信 ${one.letter.issuedOn} 已出，${one.letter.expiresOn} 前有效；重出则旧信作废`
                            : '没有账号'}
                      </span>
                    </span>
                    {!one.hasAccount && (
                      <>
                        <Button
                          aria-label={`给${one.name}出激活信`}
                          loading={issue.isPending && issue.variables?.input.personId === one.personId}
                          onClick={() =>
                            void issue
                              .mutateAsync({ input: { id: of.id, personId: one.personId } })
                              .then(onLetter, () => {})
                          }
                        >
                          出激活信
                        </Button>
                        <Button aria-label={`给${one.name}柜台开通`} onClick={() => setCounter(one.name)}>
                          柜台开通
                        </Button>
                      </>
                    )}
                    {counter === one.name && (
                      <AtCounter
                        unitId={of.id}
                        name={one.name}
                        onOpened={(made) => setOpened({ name: one.name, ...made })}
                      />
                    )}
                  </li>
                ))}
              </ul>
            )
          }
        </Shown>
      )}
      <Refusals error={issue.error} />
    </Modal>
  );
}

function AtCounter({
  unitId,
  name,
  onOpened,
}: {
  unitId: number;
  name: string;
  onOpened: (made: { account: string; password: string }) => void;
}) {
  const act = useAct(openAtCounter);
  return (
    <Form
      layout="vertical"
      className="at-counter"
      requiredMark={false}
      onFinish={(fields: { proof: string; account: string }) =>
        void act.mutateAsync({ input: { id: unitId, name, ...fields } }).then(onOpened, () => {})
      }
    >
      <p>业主本人在场时办理。请他出示证件或手机。</p>
      <Form.Item
        name="proof"
        label="手机号后四位，或证件号"
        extra="与底册核对，不保存。"
        rules={[{ required: true, message: '请填写手机号后四位或证件号' }]}
      >
        <Input autoComplete="off" maxLength={30} />
      </Form.Item>
      <Form.Item
        name="account"
        label="业主自己起的账号"
        rules={[{ required: true, whitespace: true, message: '请填写账号' }]}
      >
        <Input autoComplete="off" maxLength={60} />
      </Form.Item>
      <Refusals error={act.error} />
      <Button type="primary" htmlType="submit" loading={act.isPending}>
        核对并开通
      </Button>
    </Form>
  );
}

/** A member of the committee vouches; the community checks before a letter is printed. */
export function Vouch({ of, onClose }: { of: Unit; onClose: () => void }) {
  const act = useAct(vouch);
  return (
    <FormDialog<{ name: string }>
      title={`为 ${of.label} 的业主担保`}
      open
      onClose={onClose}
      okText="担保"
      initial={{}}
      act={({ name }) => act.mutateAsync({ input: { id: of.id, name } })}
      busy={act.isPending}
      error={act.error}
    >
      <p>您认识这位业主，知道他住在这里。社区核对后，会给他出一封激活信。担保会留痕。</p>
      <Form.Item name="name" label="业主姓名" rules={[{ required: true, whitespace: true, message: '请填写姓名' }]}>
        <Input autoComplete="off" maxLength={60} />
      </Form.Item>
    </FormDialog>
  );
}
