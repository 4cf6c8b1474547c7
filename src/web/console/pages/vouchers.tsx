import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { confirmVoucher, declineVoucher, type Letter, listVouchers } from '../../../registers/activations/contract.ts';
import { showEstate } from '../../../registers/estates/contract.ts';
import { Empty, Refusals, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Page } from '../../shared/page.tsx';
import { useMay, useMe } from '../../shared/session.tsx';
import { useAct, useAsk } from '../../shared/use-ask.ts';
import { FormDialog } from '../form-dialog.tsx';
import { LetterSheet } from '../letter.tsx';

const states = { waiting: '待社区核对', confirmed: '已核对，激活信已出', declined: '不予确认' };

/** What members of the committee vouched for in an estate, and what the community made of it. */
export function Component() {
  const id = Number(useParams().id);
  const { deployment } = useMe();
  const may = useMay();
  const estate = useAsk(showEstate, { id });
  const query = useAsk(listVouchers, { id });
  const confirm = useAct(confirmVoucher);
  const decline = useAct(declineVoucher);
  const [letter, setLetter] = useState<Letter>();
  const [declining, setDeclining] = useState<{ id: number; ownerName: string }>();
  if (letter) return <LetterSheet of={letter} demo={deployment.mode === 'demo'} onDone={() => setLetter(undefined)} />;
  return (
    <Page
      title={`${estate.data?.name ?? ''}业主担保`}
      lead={<Go to={`/estates/${id}/units`}>回到房屋</Go>}
      printable={false}
    >
      <p className="note">业委会成员担保业主是本人，社区另一人核对，两个人都同意才出激活信。</p>
      <Refusals error={confirm.error} />
      <Shown query={query}>
        {({ vouchers }) =>
          vouchers.length === 0 ? (
            <Empty>还没有担保。业委会成员在房屋页为业主担保。</Empty>
          ) : (
            <ul className="rows">
              {vouchers.map((one) => (
                <li key={one.id}>
                  <span className="grow">
                    {one.unitName} {one.ownerName}
                    <span className="sub">
                      {states[one.state]}
                      {one.declined && `：${one.declined}`}；{one.vouchedBy ?? '业委会成员'} {one.vouchedOn} 担保
                    </span>
                  </span>
                  {one.state === 'waiting' && may(confirmVoucher) && (
                    <>
                      <Button
                        type="primary"
                        aria-label={`核对无误，出信给${one.ownerName}`}
                        loading={confirm.isPending && confirm.variables?.input.id === one.id}
                        onClick={() => void confirm.mutateAsync({ input: { id: one.id } }).then(setLetter, () => {})}
                      >
                        核对无误，出信
                      </Button>
                      <Button aria-label={`不予确认${one.ownerName}`} onClick={() => setDeclining(one)}>
                        不予确认
                      </Button>
                    </>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      {declining && (
        <FormDialog<{ reason: string }>
          title={`不予确认：${declining.ownerName}`}
          open
          onClose={() => setDeclining(undefined)}
          okText="不予确认"
          initial={{}}
          act={({ reason }) => decline.mutateAsync({ input: { id: declining.id, reason } })}
          busy={decline.isPending}
          error={decline.error}
        >
          <Form.Item name="reason" label="理由" rules={[{ required: true, whitespace: true, message: '请写明理由' }]}>
            <Input maxLength={200} autoComplete="off" />
          </Form.Item>
        </FormDialog>
      )}
    </Page>
  );
}
