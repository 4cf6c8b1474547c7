/** The port through which short messages leave, and its adapter for a gateway that is asked over HTTP. */
import { createHmac } from 'node:crypto';

export interface SmsProvider {
  /** Sends a code by the template the contract with the operator names. Throws SmsFailed. */
  sendCode(phone: string, code: string, minutes: number): Promise<void>;
}

export interface SmsSettings {
  url: string;
  template: string;
  /** Shared with the gateway; signs every request. */
  secret: string;
}

/** Why a message did not leave; nothing in it says to whom. */
export class SmsFailed extends Error {
  kind: 'timeout' | 'unreachable' | 'refused' | 'broken';
  constructor(kind: SmsFailed['kind'], detail: string) {
    super(`${WORDS[kind]}（${detail}）`);
    this.kind = kind;
  }
}

const WORDS: Record<SmsFailed['kind'], string> = {
  timeout: '短信服务没有在时限内应答，请检查网络或联系服务方',
  unreachable: '连不上短信服务，请检查 SMS_URL 和网络',
  refused: '短信服务拒绝了请求，请检查 SMS_TEMPLATE、SMS_SECRET 和余额',
  broken: '短信服务自身出错，请联系服务方',
};

const TIMEOUT_MS = 8000;

/**
 * POST of JSON `{ template, phone, parameters: { code, minutes } }`, signed by HMAC-SHA256 over time and body. Any 2xx is accepted. Nothing
 * is sent twice: a person who got no message asks again, one who got two would not know which counts.
 */
export function httpSmsProvider(settings: SmsSettings, timeoutMs = TIMEOUT_MS): SmsProvider {
  return {
    async sendCode(phone, code, minutes) {
      const body = JSON.stringify({
        template: settings.template,
        phone,
        parameters: { code, minutes: String(minutes) },
      });
      const at = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', settings.secret).update(`${at}\n${body}`, 'utf8').digest('hex');
      const reply = await fetch(settings.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'x-gongzhi-timestamp': at,
          'x-gongzhi-signature': signature,
        },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((error: Error) => {
        throw error.name === 'TimeoutError'
          ? new SmsFailed('timeout', `${timeoutMs / 1000} 秒`)
          : new SmsFailed('unreachable', (error.cause as { code?: string } | undefined)?.code ?? error.name);
      });
      await reply.body?.cancel();
      if (reply.status >= 500) throw new SmsFailed('broken', String(reply.status));
      if (!reply.ok) throw new SmsFailed('refused', String(reply.status));
    },
  };
}
