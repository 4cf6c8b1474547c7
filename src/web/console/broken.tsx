import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useRouteError } from 'react-router';
import { reportFault } from '../../platform/contract.ts';
import { ask } from '../shared/ask.ts';

/** A page that failed by our own fault: a chunk that is gone after an update, or an error in the code. It is told to the server under a code that can be read out. */
export function Broken() {
  const error = useRouteError();
  const [code, setCode] = useState<string>();
  useEffect(() => {
    console.error(error);
    let left = false;
    void reportOnce(error).then(
      (told) => left || setCode(told),
      () => {},
    );
    return () => {
      left = true;
    };
  }, [error]);
  return (
    <div className="empty" role="alert">
      <h1>抱歉，这个页面没有打开</h1>
      <p>可能是系统刚刚更新，重新载入即可。填到一半的内容存在这台电脑上，再打开那一页可以接着填。</p>
      {code && (
        <p>
          仍不行的，请把报障码 <code className="fault-code">{code}</code> 告诉管理员。
        </p>
      )}
      <Button type="primary" onClick={() => window.location.reload()}>
        重新载入
      </Button>
    </div>
  );
}

/** One fault is one report, however often the page that tells of it is drawn. */
const reports = new WeakMap<object, Promise<string>>();
function reportOnce(error: unknown): Promise<string> {
  const fault = error instanceof Error ? error : new Error();
  const made = reports.get(fault) ?? report(fault);
  reports.set(fault, made);
  return made;
}

/** Where it happened, never what it said: a message may quote what was on the page. */
async function report({ name, stack = '' }: Error): Promise<string> {
  const where = [...stack.matchAll(/([\w.-]{1,80}:\d{1,7}:\d{1,7})\)?$/gm)].slice(0, 12).map((one) => one[1]!);
  const page = window.location.pathname.replace(/[^\w/.%-]/g, '').slice(0, 150) || '/';
  const { code } = await ask(reportFault, { page, kind: name.replace(/\W/g, '').slice(0, 40) || 'Error', where });
  return code;
}
