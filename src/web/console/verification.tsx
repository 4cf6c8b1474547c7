import { Alert } from 'antd';
import { type Verification, verificationContract } from '../../platform/contract.ts';
import { useMay } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';
import { count } from '../shared/words.tsx';

function useVerification(): Verification | null | undefined {
  const may = useMay();
  return useAsk(verificationContract, {}, { enabled: may(verificationContract) }).data?.verification;
}

/** Above every page of an administrator while the journal did not verify, or was not verified; otherwise nothing. */
export function VerificationBand() {
  const found = useVerification();
  if (!found) return null;
  if (found.faults.length === 0)
    return found.late ? (
      <Alert type="warning" banner title={`留痕没有按时核验，最近一次是${told(found.at)}，请查看后台任务是否在运行`} />
    ) : null;
  const all = found.faults.length + found.more;
  return (
    <Alert
      type="error"
      banner
      role="alert"
      title={`留痕核验不符（${told(found.at)}）：记录可能被删除或改写，共 ${count(all)} 处`}
      description={
        <>
          <ul>
            {found.faults.slice(0, SHOWN).map(({ says }) => (
              <li key={says}>{says}</li>
            ))}
          </ul>
          {all > SHOWN && `另有 ${count(all - SHOWN)} 处。`}
          请保全现场，不要重启或修复，告知区住建局，并运行 bin/gongzhi verify-journal。
        </>
      }
    />
  );
}

/** Faults told above a page; the command line tells the rest. Ours. */
const SHOWN = 5;

/** One sentence on the page of the journal: when it was last verified, and how far that reached. */
export function LastVerification() {
  const found = useVerification();
  if (found === undefined) return null;
  if (found === null) return <p>还没有核验过：每小时自动核验一次，附件每天凌晨核对。</p>;
  const { chains = 0, events = 0, rows = 0, files = 0, filesAt } = found.looked;
  return (
    <p>
      最近一次核验：{told(found.at)}，
      {found.faults.length === 0
        ? `${count(rows)} 行记录、${count(chains)} 条链、${count(events)} 条留痕${filesAt === undefined ? '' : `、${count(files)} 件附件（${told(filesAt)}核对）`}，全部相符。`
        : '发现不符，见页面上方。'}
    </p>
  );
}

const told = (instant: string) =>
  new Date(instant).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'long', timeStyle: 'short' });
