import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { deploymentContract } from '../../../platform/contract.ts';
import { giveCode, returnFromProvider, setOwnPassword, showSignIn } from '../../../registers/accounts/contract.ts';
import { signInHere, signOutHere } from '../../../registers/people/contract.ts';
import { Refusals } from '../../shared/feedback.tsx';
import { useTitle } from '../../shared/page.tsx';
import { useAct, useAsk } from '../../shared/use-ask.ts';
import { moment } from '../../shared/words.tsx';
import { Door } from '../door.tsx';
import { NewPasswordFields } from '../new-password.tsx';
import { AddPasskey, PasskeySignIn } from '../passkeys.tsx';
import { CodeForm, EnrolAuthenticator, RecoveryCodes } from '../second-factor.tsx';
import { ToProvider } from '../to-provider.tsx';

/** The door: a password, and where the account has one or its posts demand it, a second factor. */
export function Component() {
  useTitle('登录');
  const demo = useAsk(deploymentContract, {}).data?.demo === true;
  const state = useAsk(showSignIn, {});
  const [codes, setCodes] = useState<string[]>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const goOn = () => {
    client.clear();
    const back = parameters.get('back') ?? '/';
    void navigate(back.startsWith('/') && !back.startsWith('//') ? back : '/', { replace: true });
  };
  // What is missing shows by itself: every act asks again how far the signing in has come.
  const onEntered = (answer: object) => {
    if (!('missing' in answer) || answer.missing === null) goOn();
  };
  const halfway = state.data?.halfway ?? null;
  // The provider sends the browser back to this page.
  if (parameters.has('state')) return <Returning onEntered={onEntered} />;
  return (
    <Door wide={halfway !== null || codes !== undefined}>
      {codes ? (
        <RecoveryCodes codes={codes} okText="已经记下，进入工作台" onDone={goOn} />
      ) : halfway ? (
        <SecondStep
          halfway={halfway}
          passkeys={state.data?.passkeys === true}
          onEntered={onEntered}
          onCodes={setCodes}
          onAdded={goOn}
        />
      ) : state.isPending ? null : (
        <FirstStep
          demo={demo}
          passkeys={state.data?.passkeys === true}
          provider={state.data?.identityProvider ?? null}
          onEntered={onEntered}
        />
      )}
    </Door>
  );
}

function FirstStep({
  demo,
  passkeys,
  provider,
  onEntered,
}: {
  demo: boolean;
  passkeys: boolean;
  provider: string | null;
  onEntered: (answer: object) => void;
}) {
  const act = useAct(signInHere);
  return (
    <>
      <p className="motto">应为 − 已为 = 待办</p>
      <p className="note">党建引领物业治理：法律和政策要求了什么，办了什么，还欠什么。</p>
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={(input) => void act.mutateAsync({ input }).then(onEntered, () => {})}
      >
        <Form.Item name="name" label="账号" rules={[{ required: true, message: '请填写账号' }]}>
          <Input autoComplete="username" autoFocus />
        </Form.Item>
        <Form.Item name="password" label="密码" rules={[{ required: true, message: '请填写密码' }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Refusals error={act.error} />
        <Button type="primary" htmlType="submit" block loading={act.isPending}>
          登录
        </Button>
      </Form>
      {(passkeys || provider) && (
        <div className="other-ways">
          {passkeys && <PasskeySignIn onEntered={onEntered} />}
          {provider && <ToProvider label={`用${provider}登录`} />}
        </div>
      )}
      {demo && (
        <p className="note">
          演示账号与密码印在启动程序的窗口里，每个角色一个。演示账号不要求二次验证；真实部署里，区级以上机关、管理员和审计员必须有。
        </p>
      )}
      {!demo && (
        <p className="note">没有账号或忘记密码，请联系系统管理员：他能给一个临时密码，登录后由您自己设新的。</p>
      )}
      <p className="other-account">
        <Link to="/owner">业主从这里登录</Link>
      </p>
    </>
  );
}

/** What the provider sent along goes to the server once and out of the address at once. */
function Returning({ onEntered }: { onEntered: (answer: object) => void }) {
  const act = useAct(returnFromProvider);
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const [cancelled] = useState(() => !parameters.has('code'));
  const sent = useRef(false);
  const { mutateAsync } = act;
  useEffect(() => {
    if (sent.current) return;
    sent.current = true;
    const [code, state, iss] = ['code', 'state', 'iss'].map((name) => parameters.get(name) ?? undefined);
    window.history.replaceState(null, '', window.location.pathname);
    if (!code || !state) return;
    mutateAsync({ input: { code, state, ...(iss && { iss }) } }).then(
      (answer) => {
        if (answer.bound) void navigate('/security', { replace: true });
        else if (answer.missing) void navigate('/sign-in', { replace: true });
        else onEntered(answer);
      },
      () => {},
    );
  });
  return (
    <Door>
      {!cancelled && !act.error && <p className="loading">正在登录…</p>}
      {cancelled && <p>没有完成统一身份认证。</p>}
      <Refusals error={act.error} />
      {(cancelled || act.error) && (
        <Button block onClick={() => void navigate('/sign-in', { replace: true })}>
          回到登录
        </Button>
      )}
    </Door>
  );
}

interface Halfway {
  name: string;
  missing: 'second-factor' | 'password' | 'enrolment';
  authenticator: boolean;
  passkey: boolean;
  loan: { by: string; reason: string; at: string } | null;
}

function SecondStep({
  halfway,
  passkeys,
  onEntered,
  onCodes,
  onAdded,
}: {
  halfway: Halfway;
  passkeys: boolean;
  onEntered: (answer: object) => void;
  onCodes: (codes: string[]) => void;
  onAdded: () => void;
}) {
  const code = useAct(giveCode);
  const leave = useAct(signOutHere);
  return (
    <>
      {halfway.missing === 'password' ? (
        <OwnPassword halfway={halfway} onEntered={onEntered} />
      ) : halfway.missing === 'enrolment' ? (
        <>
          <h2>{halfway.name}，请先启用动态口令</h2>
          <p className="note">您的职务登录时除密码外还要一个验证码。启用一次，以后每次登录填六位数字。</p>
          <EnrolAuthenticator onDone={onCodes} />
          {passkeys && (
            <details className="definition">
              <summary>不用手机验证码，改用通行密钥（指纹、面容、锁屏密码）</summary>
              <AddPasskey onDone={onAdded} />
            </details>
          )}
        </>
      ) : (
        <>
          <h2>
            {halfway.name}，还差{halfway.authenticator ? '一个验证码' : '通行密钥'}
          </h2>
          {halfway.passkey && passkeys && <PasskeySignIn onEntered={onEntered} />}
          {halfway.authenticator && (
            <CodeForm
              label="验证器应用里的六位数字"
              extra="手机不在身边，可填一个恢复码；都没有，请管理员清除后重新启用。"
              okText="登录"
              act={(given) => code.mutateAsync({ input: { code: given } }).then(onEntered)}
              busy={code.isPending}
              error={code.error}
            />
          )}
          {!halfway.authenticator && (
            <p className="note">在添加过的手机或电脑上操作。设备不在了，请管理员清除后重新启用。</p>
          )}
        </>
      )}
      <p className="other-account">
        <Button type="link" loading={leave.isPending} onClick={() => leave.mutate({ input: {} })}>
          换一个账号
        </Button>
      </p>
    </>
  );
}

/** A password somebody else gave is replaced before anything opens; who gave it, and why, is said here. */
function OwnPassword({ halfway, onEntered }: { halfway: Halfway; onEntered: (answer: object) => void }) {
  const act = useAct(setOwnPassword);
  const { loan } = halfway;
  return (
    <>
      <h2>{halfway.name}，请设置自己的密码</h2>
      {loan && (
        <p className="note">
          您刚才用的密码由{loan.by}于 {moment(loan.at)} 给出，理由：{loan.reason}
          。如果您没有要求过，请设好密码后告诉本单位的安全管理员。
        </p>
      )}
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={({ next }) => void act.mutateAsync({ input: { next } }).then(onEntered, () => {})}
      >
        <NewPasswordFields />
        <Refusals error={act.error} />
        <Button type="primary" htmlType="submit" block loading={act.isPending}>
          设好密码，继续
        </Button>
      </Form>
    </>
  );
}
