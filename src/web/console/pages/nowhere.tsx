import { Go } from '../../shared/go.tsx';
import { Page } from '../../shared/page.tsx';

export function Component() {
  return (
    <Page title="没有这个页面">
      <p>
        地址可能写错了，或页面已经搬走。<Go to="/">回到工作台</Go>
      </p>
    </Page>
  );
}
