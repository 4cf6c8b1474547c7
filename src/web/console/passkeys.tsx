/** Passkeys in the browser: made, used and kept by the device; here are only the buttons. */
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import {
  addPasskey,
  beginPasskey,
  beginPasskeySignIn,
  type Entered,
  endPasskey,
  renamePasskey,
  signInByPasskey,
} from '../../registers/accounts/contract.ts';
import { Refused } from '../shared/ask.ts';
import { Refusals } from '../shared/feedback.tsx';
import { Section } from '../shared/page.tsx';
import { useAct } from '../shared/use-ask.ts';
import { moment } from '../shared/words.tsx';
import { FormDialog } from './form-dialog.tsx';

const library = () => import('@simplewebauthn/browser');
type Options = Parameters<Awaited<ReturnType<typeof library>>['startRegistration']>[0]['optionsJSON'];
type SignInOptions = Parameters<Awaited<ReturnType<typeof library>>['startAuthentication']>[0]['optionsJSON'];

/** What the device did not do, in words: its own messages are English and about something else. */
function unfinished(error: unknown): Error {
  if (error instanceof Refused) return error;
  const name = (error as Error).name;
  if (name === 'InvalidStateError') return new Refused(0, [{ reason: '这台设备已经添加过，不用再加。' }]);
  return new Refused(0, [{ reason: '没有完成：设备上取消了，或没有可用的通行密钥。' }]);
}

export function PasskeySignIn({ onEntered }: { onEntered: (entered: Entered) => void }) {
  const begin = useAct(beginPasskeySignIn);
  const finish = useAct(signInByPasskey);
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const signIn = async () => {
    setError(undefined);
    setBusy(true);
    try {
      const { options } = await begin.mutateAsync({ input: {} });
      const { startAuthentication } = await library();
      const response = await startAuthentication({ optionsJSON: options as unknown as SignInOptions });
      onEntered(await finish.mutateAsync({ input: { response: { ...response } } }));
    } catch (failure) {
      setError(unfinished(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button block loading={busy} onClick={() => void signIn()}>
        用通行密钥登录
      </Button>
      <Refusals error={error} />
    </>
  );
}

/** Asks for a name and has the device make a key. */
export function AddPasskey({ onDone, inline }: { onDone: () => void; inline?: boolean }) {
  const begin = useAct(beginPasskey);
  const finish = useAct(addPasskey);
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const add = async ({ name }: { name: string }) => {
    setError(undefined);
    setBusy(true);
    try {
      const { options } = await begin.mutateAsync({ input: {} });
      const { startRegistration } = await library();
      const response = await startRegistration({ optionsJSON: options as unknown as Options });
      await finish.mutateAsync({ input: { name, response: { ...response } } });
      onDone();
    } catch (failure) {
      setError(unfinished(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form
      layout="vertical"
      className={inline ? 'record-form' : ''}
      requiredMark={false}
      onFinish={(fields) => void add(fields as { name: string })}
    >
      <Form.Item
        name="name"
        label="给这个通行密钥取个名"
        extra="如“我的手机”“办公电脑”，以后好认。"
        rules={[{ required: true, whitespace: true, message: '请填写名称' }]}
      >
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Refusals error={error} />
      <Button type="primary" htmlType="submit" loading={busy}>
        添加通行密钥
      </Button>
    </Form>
  );
}

interface Passkey {
  id: number;
  name: string;
  madeAt: string;
  usedAt: string | null;
}

export function Passkeys({ of }: { of: readonly Passkey[] | null }) {
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<Passkey>();
  const rename = useAct(renamePasskey);
  const end = useAct(endPasskey);
  if (of === null)
    return (
      <Section title="通行密钥">
        <p className="note">这个地址不能用通行密钥：需要用域名和 https 访问。</p>
      </Section>
    );
  return (
    <Section
      title="通行密钥"
      actions={!adding && <Button onClick={() => setAdding(true)}>添加</Button>}
      note={of.length > 0 && `${of.length} 个`}
    >
      <p>
        用手机或电脑的指纹、面容或锁屏密码登录，不用填账号和密码，也算二次验证。指纹和面容只在您的设备上比对，不会传到这里。
      </p>
      {adding && <AddPasskey inline onDone={() => setAdding(false)} />}
      <ul className="rows">
        {of.map((one) => (
          <li key={one.id}>
            <span className="grow">
              {one.name}
              <span className="sub">
                {moment(one.madeAt)} 添加，{one.usedAt ? `最近使用 ${moment(one.usedAt)}` : '还没有用过'}
              </span>
            </span>
            <Button aria-label={`给${one.name}改名`} onClick={() => setRenaming(one)}>
              改名
            </Button>
            <Button
              aria-label={`删除${one.name}`}
              loading={end.isPending && end.variables?.input.id === one.id}
              onClick={() => end.mutate({ input: { id: one.id } })}
            >
              删除
            </Button>
          </li>
        ))}
      </ul>
      <Refusals error={end.error} />
      {renaming && (
        <FormDialog<{ name: string }>
          title="给通行密钥改名"
          open
          onClose={() => setRenaming(undefined)}
          okText="改名"
          initial={{ name: renaming.name }}
          act={({ name }) => rename.mutateAsync({ input: { id: renaming.id, name } })}
          busy={rename.isPending}
          error={rename.error}
        >
          <Form.Item name="name" label="名称" rules={[{ required: true, whitespace: true, message: '请填写名称' }]}>
            <Input maxLength={40} />
          </Form.Item>
        </FormDialog>
      )}
    </Section>
  );
}
