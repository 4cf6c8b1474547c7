import { Button, Popconfirm } from 'antd';
import { batchStates, cancelImport } from '../../registers/rosters/contract.ts';
import { Refusals } from '../shared/feedback.tsx';
import { useAct } from '../shared/use-ask.ts';
import { count } from '../shared/words.tsx';
import type { OneImport } from './pages/import.tsx';

/** How far the step under way has come. */
export function Working({ of }: { of: OneImport }) {
  const { done = 0, total = null, cancelling = false } = of.progress ?? {};
  const share = total ? Math.min(1, done / total) : undefined;
  return (
    <div className="working">
      <p role="status">
        {cancelling ? '正在取消' : batchStates[of.state]}
        {total !== null && total > 0 && `：${count(done)} 行，共约 ${count(total)} 行`}
        …可以离开本页，稍后从导入记录回来。
      </p>
      <progress aria-label="导入进度" {...(share !== undefined && { value: share })} />
      {of.state === 'committing' && <p className="note">全部写完才算数；写完之前取消，什么也不会改动。</p>}
    </div>
  );
}

/** The way out before anything is written. */
export function CancelImport({ of }: { of: OneImport }) {
  const act = useAct(cancelImport);
  if (!of.acts.some((one) => one.act === 'cancel' && one.allowed) || of.progress?.cancelling) return null;
  return (
    <>
      <Popconfirm
        title="取消这次导入？"
        description="还没有写入的，什么也不会改动。"
        okText="取消导入"
        cancelText="继续导入"
        onConfirm={() => act.mutate({ input: { id: of.id } })}
      >
        <Button loading={act.isPending}>取消这次导入</Button>
      </Popconfirm>
      <Refusals error={act.error} />
    </>
  );
}
