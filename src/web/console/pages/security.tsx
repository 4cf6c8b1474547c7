import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import {
  endAuthenticator,
  endOtherSessions,
  endSession,
  renewRecoveryCodes,
  showSecurity,
  unbindIdentity,
} from '../../../registers/accounts/contract.ts';
import { Refusals, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Modal } from '../../shared/layers.tsx';
import { Page, Section } from '../../shared/page.tsx';
import { useMe } from '../../shared/session.tsx';
import { useAct, useAsk } from '../../shared/use-ask.ts';
import { moment } from '../../shared/words.tsx';
import { Passkeys } from '../passkeys.tsx';
import { CodeForm, EnrolAuthenticator, RecoveryCodes } from '../second-factor.tsx';
import { ToProvider } from '../to-provider.tsx';

type Open = 'enrol' | 'end' | 'renew' | undefined;

/** How one signs in, and where one is signed in. */
export function Component() {
  const { name } = useMe();
  const query = useAsk(showSecurity, {});
  const [open, setOpen] = useState<Open>();
  const [codes, setCodes] = useState<string[]>();
  const close = () => {
    setOpen(undefined);
    setCodes(undefined);
  };
  return (
    <Page title="登录安全" lead={`${name}怎样登录，正在哪里登录。`} printable={false}>
      <Shown query={query}>
        {(security) => (
          <>
            {security.demanded && (
              <p className="note">
                {security.exempt
                  ? '您的职务在真实部署里登录时必须有二次验证；这是演示账号，不要求。'
                  : '您的职务登录时必须有二次验证。'}
              </p>
            )}
            <Section title="密码" actions={<Go to="/password">修改密码</Go>}>
              <p>登录用的密码，至少十个字。</p>
            </Section>
            <Section
              title="动态口令"
              actions={
                security.authenticator ? (
                  <>
                    <Button onClick={() => setOpen('renew')}>换新恢复码</Button>
                    <Button onClick={() => setOpen('enrol')}>换手机</Button>
                    <Button onClick={() => setOpen('end')}>停用动态口令</Button>
                  </>
                ) : (
                  <Button type="primary" onClick={() => setOpen('enrol')}>
                    启用动态口令
                  </Button>
                )
              }
            >
              <p>
                {security.authenticator
                  ? `已启用。恢复码还剩 ${security.recoveryCodesLeft} 个。`
                  : '没有启用。启用后，登录时除密码外再填手机上的六位数字。'}
              </p>
            </Section>
            <Passkeys of={security.passkeys} />
            {security.identity && <Identity of={security.identity} />}
            <Sessions of={security.sessions} />
            {open && <SecurityDialog open={open} codes={codes} onCodes={setCodes} onClose={close} />}
          </>
        )}
      </Shown>
    </Page>
  );
}

const titles = { enrol: '启用动态口令', end: '停用动态口令', renew: '换新恢复码' };

function SecurityDialog({
  open,
  codes,
  onCodes,
  onClose,
}: {
  open: NonNullable<Open>;
  codes: string[] | undefined;
  onCodes: (codes: string[]) => void;
  onClose: () => void;
}) {
  const end = useAct(endAuthenticator);
  const renew = useAct(renewRecoveryCodes);
  const of: Record<NonNullable<Open>, ReactNode> = {
    enrol: <EnrolAuthenticator onDone={onCodes} />,
    end: (
      <CodeForm
        label="现在的验证码或一个恢复码"
        okText="停用"
        act={(code) => end.mutateAsync({ input: { code } }).then(onClose)}
        busy={end.isPending}
        error={end.error}
      />
    ),
    renew: (
      <CodeForm
        label="现在的验证码"
        extra="换新以后，旧的恢复码全部作废。"
        okText="换新"
        act={(code) => renew.mutateAsync({ input: { code } }).then(({ recoveryCodes }) => onCodes(recoveryCodes))}
        busy={renew.isPending}
        error={renew.error}
      />
    ),
  };
  // The codes are shown once: only their button closes the dialog then.
  return (
    <Modal
      title={codes ? '恢复码' : titles[open]}
      open
      footer={null}
      onCancel={onClose}
      closable={!codes}
      keyboard={!codes}
      mask={{ closable: !codes }}
    >
      {codes ? <RecoveryCodes codes={codes} okText="已经记下" onDone={onClose} /> : of[open]}
    </Modal>
  );
}

function Identity({ of }: { of: { label: string; bound: boolean } }) {
  const end = useAct(unbindIdentity);
  return (
    <Section
      title={of.label}
      actions={
        of.bound ? (
          <Button loading={end.isPending} onClick={() => end.mutate({ input: {} })}>
            解除绑定
          </Button>
        ) : (
          <ToProvider bind label={`绑定${of.label}`} />
        )
      }
    >
      <p>{of.bound ? `已绑定，可以用${of.label}登录。` : `没有绑定。绑定后可以用${of.label}登录。`}</p>
      <Refusals error={end.error} />
    </Section>
  );
}

function Sessions({
  of,
}: {
  of: readonly { id: number; agent: string | null; createdAt: string; seenAt: string; here: boolean }[];
}) {
  const one = useAct(endSession);
  const all = useAct(endOtherSessions);
  return (
    <Section
      title="正在登录的地方"
      actions={
        of.length > 1 && (
          <Button loading={all.isPending} onClick={() => all.mutate({ input: {} })}>
            退出其他地方
          </Button>
        )
      }
    >
      <ul className="rows">
        {of.map((session) => (
          <li key={session.id}>
            <span className="grow">
              {session.agent ?? '没有说明的程序'}
              {session.here && <strong>（这里）</strong>}
              <span className="sub">
                {moment(session.createdAt)} 登录，最近使用 {moment(session.seenAt)}
              </span>
            </span>
            {!session.here && (
              <Button
                aria-label={`退出 ${session.agent ?? ''} ${moment(session.createdAt)} 的登录`}
                loading={one.isPending && one.variables?.input.id === session.id}
                onClick={() => one.mutate({ input: { id: session.id } })}
              >
                退出
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Refusals error={one.error ?? all.error} />
    </Section>
  );
}
