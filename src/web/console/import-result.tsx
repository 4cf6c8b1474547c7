import { Button } from 'antd';
import { undoImport } from '../../registers/rosters/contract.ts';
import { Refusals } from '../shared/feedback.tsx';
import { Go } from '../shared/go.tsx';
import { useAct } from '../shared/use-ask.ts';
import { count, moment } from '../shared/words.tsx';
import { Counts } from './import-check.tsx';
import type { OneImport } from './pages/import.tsx';

const lists: Record<string, { to: string; label: string }> = {
  estates: { to: '/estates', label: '看小区档案' },
  units: { to: '/estates', label: '看小区档案' },
  companies: { to: '/companies', label: '看企业' },
  committees: { to: '/committees', label: '看业委会' },
  areas: { to: '/areas', label: '看区划' },
  deeds: { to: '/filings', label: '看报备' },
};

/** What was written, and the way back. */
export function ResultStep({ of }: { of: OneImport }) {
  const act = useAct(undoImport);
  const undo = of.acts.find((one) => one.act === 'undo');
  const list = lists[of.kind];
  if (of.state === 'undone') {
    return (
      <p role="status">
        {of.undoneAt && moment(of.undoneAt)} 已撤销，
        {of.kind === 'deeds' ? '这次导入的报备都已撤回，相应的义务恢复。' : '名册回到导入之前的样子。'}
        <Go to="/imports/new" query={{ kind: of.kind }}>
          重新导入
        </Go>
      </p>
    );
  }
  return (
    <>
      <p className="result" role="status">
        {of.committedAt && moment(of.committedAt)} 已写入
        {of.counts && ` ${count(of.counts.new + of.counts.changed)} 行`}。
      </p>
      {of.counts && <Counts of={of.counts} />}
      <p>
        {of.kind === 'deeds'
          ? '这些事相应的义务已记为完成；材料可以在报备清单里补交。'
          : '新的小区和单位按适用的政策包自动产生义务，稍后可在义务清单看到。'}
      </p>
      <Refusals error={act.error} />
      <div className="wizard-actions">
        {list && <Go to={list.to}>{list.label}</Go>}
        <Go to="/duties" query={{ tab: 'all' }}>
          看义务清单
        </Go>
        {undo && (
          <Button
            danger
            disabled={!undo.allowed}
            loading={act.isPending}
            onClick={() => act.mutate({ input: { id: of.id } })}
          >
            撤销这次导入
          </Button>
        )}
        {undo && !undo.allowed && <span className="note">{undo.refusals.join('；')}</span>}
      </div>
    </>
  );
}
