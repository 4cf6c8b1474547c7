import { useQueryClient } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useNavigate } from 'react-router';
import { showMe, signOutHere, switchPost } from '../../registers/people/contract.ts';
import { Refusals } from '../shared/feedback.tsx';
import { Go } from '../shared/go.tsx';
import { useMe } from '../shared/session.tsx';
import { useAct } from '../shared/use-ask.ts';

/** Acts in another of one's posts from here on, and goes where that is wanted. */
export function useTurn() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const turn = useAct(switchPost);
  const to = async (id: number, address: string) => {
    // The session may come back under another token; nothing may be on its way with the old one.
    await client.cancelQueries();
    const changed = await turn.mutateAsync({ input: { id } });
    client.clear();
    client.setQueryData([showMe.path, {}], changed);
    void navigate(address);
  };
  return { to, busy: turn.isPending, error: turn.error };
}

/** The post acted in; it is recorded with every act. */
export function PostSwitch() {
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const turn = useTurn();
  const leave = useAct(signOutHere);
  const signOut = async () => {
    await leave.mutateAsync({ input: {} });
    client.clear();
    void navigate('/sign-in');
  };
  const title = (one: typeof me.post) =>
    `${one.organisationName} ${one.title}${one.behalf ? `（代${one.behalf.name}）` : ''}`.trim();
  return (
    <div className="post-switch">
      <span className="person">{me.name}</span>
      {me.posts.length > 1 ? (
        <Select
          className="post-select"
          aria-label="当前身份"
          value={me.post.id}
          loading={turn.busy}
          popupMatchSelectWidth={false}
          onChange={(id) => void turn.to(id, '/')}
          options={me.posts.map((one) => ({ value: one.id, label: title(one) }))}
        />
      ) : (
        <span className="post">{title(me.post)}</span>
      )}
      <Go to="/security" className="no-print nowrap">
        登录安全
      </Go>
      <Button className="no-print" type="text" loading={leave.isPending} onClick={() => void signOut()}>
        退出
      </Button>
      <Refusals error={turn.error ?? leave.error} />
    </div>
  );
}
