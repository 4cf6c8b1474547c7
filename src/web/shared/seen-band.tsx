import { Alert } from 'antd';
import { useEffect, useState } from 'react';
import { compareWithSeen, type Finding } from './seen-checkpoint.ts';

/** Silent as long as the records are what this browser saw before; impossible to overlook when they are not. */
export function SeenBand({ demo }: { demo: boolean }) {
  const [finding, setFinding] = useState<Finding>();
  useEffect(() => {
    const look = () => void compareWithSeen({ demo }).then((found) => setFinding((before) => found ?? before));
    look();
    const again = setInterval(look, 15 * 60_000);
    return () => clearInterval(again);
  }, [demo]);
  if (!finding || finding.kind === 'agrees') return null;
  const { seen } = finding;
  const when = seen.sealedAt.slice(0, 10);
  return finding.kind === 'recovered' ? (
    <Alert
      type="warning"
      banner
      closable
      title="系统曾从备份恢复"
      description={`您在 ${when} 之后办理的事项可能没有保存，请核对；没有的请重新办理。`}
    />
  ) : (
    <Alert
      type="error"
      banner
      role="alert"
      title="系统里的记录与您上次看到的不一致"
      description={
        <>
          可能有记录被删除或改写。请把下面一行抄给居委会和区住建局，并暂缓办理重要事项：
          <br />
          <code className="seen-mark">
            {seen.origin} {seen.size} {seen.root} {when}
          </code>
        </>
      }
    />
  );
}
