import { Button } from 'antd';
import { useRouteError } from 'react-router';

/** A page that failed by our own fault: a chunk that is gone after an update, or an error in the code. */
export function Broken() {
  const error = useRouteError();
  console.error(error);
  return (
    <div className="empty">
      <h1>抱歉，这个页面没有打开</h1>
      <p>可能是系统刚刚更新，重新载入即可；仍不行请联系管理员。</p>
      <Button type="primary" onClick={() => window.location.reload()}>
        重新载入
      </Button>
    </div>
  );
}
